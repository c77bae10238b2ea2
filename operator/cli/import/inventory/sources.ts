/** Reads inventories as Ansible does: files, directories with all that is in them, and the directories of variables beside them. */
import { dirname, join } from 'node:path';
import { Failure, type Io } from '../../command.ts';
import { printable } from '../../table.ts';
import { isEncrypted, readAnsibleYaml } from './ansibleYaml.ts';
import { readIni } from './ini.ts';
import { Inventory } from './inventory.ts';
import { isListOutput, readListOutput } from './listOutput.ts';
import { asMap, isTruthy, NotRead } from './values.ts';
import { varsBeside, type VarsFiles } from './varsFiles.ts';
import { readYamlInventory } from './yamlInventory.ts';

const longestFile = 64 * 2 ** 20;
const mostFiles = 2000;
const deepest = 16;
/** As Ansible ignores them in a directory. */
const ignored = /^\.|^(host_vars|group_vars|vars_plugins)$|(\.(pyc|pyo|swp|bak|rpm|md|txt|rst|orig|cfg|retry)|~)$/;
const standardInput = '-';

export interface ReadInventory {
  readonly inventory: Inventory;
  /** One for each source, in order. */
  readonly files: readonly VarsFiles[];
}

/** Throws `Failure` where Ansible, or this, cannot read one of them: what a file left out would change is not known. */
export async function readInventory(operands: readonly string[], io: Io): Promise<ReadInventory> {
  const inventory = new Inventory();
  const seen = { files: 0 };
  const directories: string[] = [];
  for (const operand of operands) {
    const isDirectory = operand !== standardInput && (await io.readFolder(operand)) !== undefined;
    await readSource(inventory, operand, { io, seen, depth: 0 });
    if (operand !== standardInput) directories.push(isDirectory ? operand : dirname(operand));
  }
  try {
    inventory.reconcile();
  } catch (error) {
    if (error instanceof NotRead) throw new Failure(`the inventory cannot be read: ${printable(error.message)}.`);
    throw error;
  }
  const files: VarsFiles[] = [];
  for (const directory of directories) files.push(await varsBeside(directory, inventory, io));
  return { inventory, files };
}

interface Way {
  readonly io: Io;
  readonly seen: { files: number };
  readonly depth: number;
}

async function readSource(inventory: Inventory, path: string, way: Way): Promise<void> {
  const entries = path === standardInput ? undefined : await way.io.readFolder(path);
  if (!entries) return readFile(inventory, path, way);
  if (way.depth > deepest)
    throw new Failure(`${path} is more than ${deepest} directories deep; name a directory below it.`);
  for (const { name, is } of entries) {
    if (ignored.test(name)) continue;
    const below = join(path, name);
    // A link to a directory is one to Ansible; what is neither file nor directory may have no end.
    if (is === 'other' && !(await way.io.readFolder(below)))
      throw new Failure(`${below} is neither a file nor a directory; remove it.`);
    await readSource(inventory, below, { ...way, depth: way.depth + 1 });
  }
}

async function readFile(inventory: Inventory, path: string, { io, seen }: Way): Promise<void> {
  if (++seen.files > mostFiles)
    throw new Failure(`there are more than ${mostFiles} files; name one directory at a time.`);
  const isInput = path === standardInput;
  const name = isInput ? 'standard input' : path;
  const text = isInput ? await io.stdin(longestFile) : await io.readFile(path, longestFile);
  try {
    readText(inventory, text, isInput ? '' : path);
  } catch (error) {
    if (error instanceof NotRead) throw new Failure(printable(`${name}: ${error.message}.`));
    throw error;
  }
}

/** The extension as Python splits it. */
function extensionOf(path: string): string {
  return /[^/.][^/]*(\.[^/.]*)$/.exec(path)?.[1] ?? '';
}

const listing = (path: string) =>
  `run \`ansible-inventory -i ${path || 'FILE'} --list > hosts.json\` where Ansible can, and import hosts.json`;

/** As Ansible tries its formats: what is no YAML is INI. Throws `NotRead`. */
function readText(inventory: Inventory, text: string, path: string): void {
  const extension = extensionOf(path);
  if (text.startsWith('#!'))
    throw new NotRead(`it is a program, a dynamic inventory, which is not run here; ${listing(path)}`);
  if (extension === '.toml') throw new NotRead(`TOML is not read; ${listing(path)}`);
  if (isEncrypted(text)) throw new NotRead(`it is encrypted by ansible-vault; ${listing(path)}`);
  const mayBeYaml = ['', '.yml', '.yaml', '.json'].includes(extension);
  const document = mayBeYaml ? yamlOrWhy(text) : 'not tried';
  const members = typeof document === 'string' ? undefined : asMap(document.read);
  if (members?.size) {
    if (isTruthy(members.get('plugin')))
      throw new NotRead(`it is the configuration of an inventory plugin, which is not run here; ${listing(path)}`);
    return isListOutput(members) ? readListOutput(inventory, members) : readYamlInventory(inventory, members);
  }
  try {
    readIni(inventory, text);
  } catch (error) {
    if (!(error instanceof NotRead) || extension === '' || !mayBeYaml) throw error;
    throw new NotRead(typeof document === 'string' ? document : 'it is YAML, but no dictionary of groups');
  }
}

function yamlOrWhy(text: string): { readonly read: unknown } | string {
  try {
    return { read: readAnsibleYaml(text) };
  } catch (error) {
    if (error instanceof NotRead) return error.message;
    throw error;
  }
}
