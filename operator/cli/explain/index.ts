/** Explains from files that come with this plugin. */
import { join } from 'node:path';
import { exit, type Exit, type Io } from '../command.ts';
import { readYaml } from '../yaml.ts';
import { checkTypeIn } from './checkTypes.ts';
import { exampleOf, type Sample } from './example.ts';
import { kindNamed, longestFile, root, shippedKinds } from './kinds.ts';
import { fieldAt, stepsIn } from './path.ts';
import { fieldText, kindsText, recursiveText } from './text.ts';

interface Asked {
  /** `KIND.FIELD…`; all kinds when undefined. */
  readonly operand: string | undefined;
  readonly recursive: boolean;
}

export async function runExplain({ operand, recursive }: Asked, io: Io): Promise<Exit> {
  const kinds = await shippedKinds(io);
  const columns = io.terminal?.()?.columns ?? 80;
  if (operand === undefined) {
    io.stdout(kindsText(kinds, columns));
    return exit.holds;
  }
  const [word = '', ...asked] = stepsIn(operand.replace('.holdfast.dev', ''));
  const kind = kindNamed(word, kinds);
  const field = fieldAt(kind, asked);
  if (recursive) {
    io.stdout(recursiveText({ kind, field }));
    return exit.holds;
  }
  const example = exampleOf(kind.schema, field.steps, await samplesOf(kind.kind, io));
  const checkType = await checkTypeAt(kind.kind, field.steps, io);
  io.stdout(fieldText({ kind, field, columns, ...(example && { example }), ...(checkType && { checkType }) }));
  return exit.holds;
}

/** The sample that is named after the kind comes first. */
async function samplesOf(kind: string, io: Io): Promise<Sample[]> {
  const folder = join(root, 'manifests/samples');
  const own = `${kind.slice(0, 1).toLowerCase()}${kind.slice(1)}.yaml`;
  const names = ((await io.readFolder(folder)) ?? []).map(({ name }) => name).filter((name) => name.endsWith('.yaml'));
  const all = await Promise.all(
    names
      .sort((a, b) => Number(b === own) - Number(a === own))
      .map(async (name) => {
        const file = `manifests/samples/${name}`;
        const documents = readYaml(await io.readFile(join(root, file), longestFile), file);
        return documents.map((document): Sample => ({ file, document: document as Sample['document'] }));
      }),
  );
  return all.flat().filter(({ document }) => document['kind'] === kind);
}

async function checkTypeAt(kind: string, [spec, checks, type, more]: readonly string[], io: Io) {
  const isCheckType = spec === 'spec' && checks === 'checks' && type !== undefined && more === undefined;
  if (!isCheckType || !['DeviceBaseline', 'AnsibleRun'].includes(kind)) return undefined;
  return checkTypeIn(await io.readFile(join(root, 'docs/check-types.md'), longestFile), type);
}
