/** The directories group_vars and host_vars beside an inventory. */
import { join } from 'node:path';
import { Failure, type Io } from '../../command.ts';
import { printable } from '../../table.ts';
import { isEncrypted, readAnsibleYaml } from './ansibleYaml.ts';
import type { Inventory } from './inventory.ts';
import { asMap, asValue, isTruthy, NotRead, type Value } from './values.ts';

const longestFile = 16 * 2 ** 20;
const mostFiles = 50_000;
const deepest = 16;
const extensions = ['', '.yml', '.yaml', '.json'];

/** The variables of one file; `undefined` in `vars` where it is encrypted. */
export interface VarsFile {
  readonly path: string;
  readonly vars: ReadonlyMap<string, Value> | undefined;
}

/** In the order in which they override one another. */
export interface VarsFiles {
  readonly groups: ReadonlyMap<string, readonly VarsFile[]>;
  readonly hosts: ReadonlyMap<string, readonly VarsFile[]>;
}

/** Those of the groups and hosts that there are: as Ansible, which reads no others. */
export async function varsBeside(directory: string, { groups, hosts }: Inventory, io: Io): Promise<VarsFiles> {
  const reading = { io, files: 0 };
  const beside = (await io.readFolder(directory)) ?? [];
  const of = async (name: string, owners: ReadonlyMap<string, unknown>) =>
    beside.some((entry) => entry.name === name)
      ? byName(join(directory, name), owners, reading)
      : new Map<string, never>();
  return { groups: await of('group_vars', groups), hosts: await of('host_vars', hosts) };
}

interface Reading {
  readonly io: Io;
  files: number;
}

async function byName(
  directory: string,
  owners: ReadonlyMap<string, unknown>,
  reading: Reading,
): Promise<Map<string, readonly VarsFile[]>> {
  const names = new Set((await reading.io.readFolder(directory))?.map(({ name }) => name));
  const found = new Map<string, readonly VarsFile[]>();
  for (const entry of names) {
    for (const extension of extensions.filter((one) => entry.endsWith(one))) {
      const owner = entry.slice(0, entry.length - extension.length);
      // The first that there is counts: a directory or a file without an extension before the others.
      const first = extensions.find((one) => names.has(`${owner}${one}`));
      if (owners.has(owner) && first === extension) found.set(owner, await filesAt(join(directory, entry), reading, 0));
    }
  }
  return found;
}

/** A file, or all files of a directory and of those below it. */
async function filesAt(path: string, reading: Reading, depth: number): Promise<VarsFile[]> {
  const entries = await reading.io.readFolder(path);
  if (!entries) return [await readVars(path, reading)];
  if (depth > deepest) throw new Failure(`${path} is more than ${deepest} directories deep; move what is in it.`);
  const files: VarsFile[] = [];
  for (const { name, is } of entries) {
    const extension = /[^.][^]*(\.[^.]*)$/.exec(name)?.[1] ?? '';
    if (name.startsWith('.') || name.endsWith('~')) continue;
    const isDirectory =
      is === 'folder' || (is === 'other' && (await reading.io.readFolder(join(path, name))) !== undefined);
    if (isDirectory ? extension === '' : extensions.includes(extension))
      files.push(...(await filesAt(join(path, name), reading, depth + 1)));
  }
  return files;
}

async function readVars(path: string, reading: Reading): Promise<VarsFile> {
  if (++reading.files > mostFiles)
    throw new Failure(`there are more than ${mostFiles} files of variables; import fewer hosts at a time.`);
  const text = await reading.io.readFile(path, longestFile);
  if (isEncrypted(text)) return { path, vars: undefined };
  try {
    const document = readAnsibleYaml(text);
    const members = isTruthy(document) ? asMap(document) : new Map<unknown, never>();
    if (!members) throw new NotRead('it is not a dictionary of variables');
    const named = [...members].filter(([key]) => typeof key === 'string' && key.startsWith('ansible_'));
    return { path, vars: new Map(named.map(([key, value]) => [key as string, asValue(value)])) };
  } catch (error) {
    if (error instanceof NotRead) throw new Failure(printable(`${path}: ${error.message}.`));
    throw error;
  }
}
