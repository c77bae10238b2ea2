/** The DeviceBaseline of a file, as the apiserver would store it: or why it would not. */
import { resources } from '../../api/generated/resources.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import { Failure, type Io } from '../command.ts';
import { readYaml } from '../yaml.ts';
import { storedForm } from './stored.ts';

const longest = 16 * 2 ** 20;

export async function baselineIn(file: string, name: string | undefined, io: Io): Promise<DeviceBaseline> {
  const text = file === '-' ? await io.stdin(longest) : await io.readFile(file, longest);
  const where = file === '-' ? 'standard input' : file;
  const all = readYaml(text, where).flatMap(itemsOf).filter(isBaseline);
  const names = all.map(({ metadata }) => metadata?.name ?? '');
  if (all.length === 0) throw new Failure(`${where} has no DeviceBaseline; name a file that has one.`);
  if (name === undefined && all.length > 1)
    throw new Failure(`${where} has ${all.length} DeviceBaselines; choose one with --baseline: ${names.join(', ')}.`);
  const found = name === undefined ? all[0] : all.find(({ metadata }) => metadata?.name === name);
  if (!found) throw new Failure(`${where} has no DeviceBaseline ${name}; it has ${names.join(', ')}.`);
  return stored(found, where, io);
}

type Written = Partial<Omit<DeviceBaseline, 'metadata'>> & { readonly metadata?: Partial<DeviceBaseline['metadata']> };

async function stored(found: Written, where: string, io: Io): Promise<DeviceBaseline> {
  const { object, problems } = await storedForm<DeviceBaseline>(resources.DeviceBaseline, found, io);
  if (problems.length === 0) return object;
  const shown = problems.slice(0, 20).map((problem) => `  ${problem}`);
  const more = problems.length > shown.length ? [`  and ${problems.length - shown.length} more`] : [];
  throw new Failure(
    [`${where}: DeviceBaseline ${found.metadata?.name ?? ''} is not valid:`, ...shown, ...more].join('\n'),
  );
}

function isBaseline(document: unknown): document is Written {
  const { kind, apiVersion } = (document ?? {}) as { kind?: unknown; apiVersion?: unknown };
  return kind === 'DeviceBaseline' && typeof apiVersion === 'string' && apiVersion.startsWith('holdfast.dev/');
}

function itemsOf(document: unknown): unknown[] {
  const { kind, items } = document as { kind?: unknown; items?: unknown };
  return kind === 'List' && Array.isArray(items) ? items : [document];
}
