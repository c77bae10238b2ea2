/**
 * Kernel module: whether it is loaded, and whether it can be. modprobe itself is asked what it would do: of several `install` lines the first counts, and
 * a soft dependency makes it pass over all of them. A `blacklist` line only keeps a module from loading by itself.
 */
import type { KernelModuleCheck } from '../../api/v1alpha1/systemChecks.ts';
import { changes, manual, type Change, type Remedy } from './change.ts';
import type { CheckType } from './checkType.ts';
import { differs, fieldsOf, known, unknown } from './comparison.ts';
import { argumentsAtBoot, bootArguments, bootFrom } from './bootArguments.ts';
import { kernelModuleScript } from './kernelModuleScript.ts';
import { seenOf } from './shell.ts';
import { effectOf, means, readDryRun, type DryRun, type InstallLine } from './modprobe.ts';
import { taggedLines } from './tagged.ts';

export interface KernelModuleObserved {
  /** Who uses it, when it is loaded: empty when nobody does. */
  readonly loaded?: { readonly users: string };
  /** Whether modprobe would load it; or why that is not known. */
  readonly loadable: 'yes' | 'no' | 'built in' | { readonly unknown: string };
  /** Whether the kernel has none such. */
  readonly isMissing: boolean;
  /** Whether an argument of the kernel makes it refuse the module, now and at the next boot. */
  readonly isRefused: boolean;
  /** Whether it is loaded though an `install` line says otherwise: something it depends on softly makes modprobe pass over that. */
  readonly isPassedOver: boolean;
  readonly isBlacklisted: boolean;
  /** Lines of modprobe.d that mean it, in the order in which they are read. */
  readonly lines: readonly InstallLine[];
  /** What the probe saw of the files of modprobe.d in /etc. */
  readonly seen: ReadonlyMap<string, string>;
}

export const kernelModule: CheckType<'kernelModule', KernelModuleObserved> = {
  key: 'kernelModule',
  request: ({ name }) => [kernelName(name)],
  functions: [seenOf, bootArguments],
  script: kernelModuleScript,
  parse: parseModule,
  compare({ state, scope }, { loaded, loadable, isPassedOver, isBlacklisted }) {
    if (typeof loadable === 'object' && (scope !== 'Live' || state === 'Loadable')) return unknown(loadable.unknown);
    if (state === 'Loadable') return known([differs('loadable', 'yes', loadable === 'no' ? 'no' : 'yes')]);
    const why =
      loadable === 'built in'
        ? 'it is built into this kernel'
        : isPassedOver
          ? 'a soft dependency makes modprobe ignore its `install` line'
          : isBlacklisted
            ? 'a `blacklist` line only prevents automatic loading; `install … /bin/false` is needed'
            : undefined;
    const inUse = loaded?.users ? `in use (${loaded.users})` : undefined;
    return known([
      scope === 'Persisted' ? undefined : differs('loaded', 'no', loaded ? 'yes' : 'no', inUse),
      scope === 'Live'
        ? undefined
        : differs('loadable', 'no', typeof loadable === 'object' ? 'unknown' : loadable, why),
    ]);
  },
  remedy: remedyOf,
  // One that is not loaded now may be loadable.
  claims: ({ name, state, scope }) =>
    scope === 'Live' && state !== 'Loadable' ? {} : { [`kernel module ${kernelName(name)}`]: state ?? 'Disabled' },
};

function parseModule(answer: string, { name: declared }: KernelModuleCheck): KernelModuleObserved {
  const name = kernelName(declared);
  const valuesOf = taggedLines(answer);
  const [exit] = valuesOf('exit');
  if (exit === undefined) throw new Error('the host did not report what modprobe would do');
  const configured = valuesOf('c');
  const lines = valuesOf('p')
    .map((text): InstallLine => {
      const [file, line, more, pattern, command] = fieldsOf(text, 5);
      return { file, line: Number(line), more: Number(more), pattern, command };
    })
    .filter(({ pattern }) => means(pattern, name))
    .sort((a, b) => compareBytes(nameOf(a.file), nameOf(b.file)) || a.line - b.line);
  const [loaded] = valuesOf('loaded');
  const users = loaded === undefined ? '' : usersOf(loaded);
  const first = configured
    .map((line) => /^install (\S+) (.*)$/.exec(line))
    .find((found) => found && means(found[1] ?? '', name))?.[2];
  const aliased = configured.some((line) => {
    const [, pattern = '', target = ''] = /^alias (\S+) (\S+)/.exec(line) ?? [];
    return means(pattern, name) && target !== name;
  });
  const said = { exit: Number(exit), lines: valuesOf('d'), others: valuesOf('o') };
  const isMissing = said.exit === 1 && said.lines.some((line) => line.includes(' not found in directory'));
  const dryRun = isMissing ? undefined : readDryRun(said.lines, name);
  const loadable =
    valuesOf('builtin').length > 0 || dryRun?.isBuiltIn
      ? 'built in'
      : aliased
        ? {
            unknown: `modprobe.d has an alias named ${name}, so modprobe does not look for the module itself: remove the alias`,
          }
        : dryRun
          ? loadableOf(dryRun, said.exit, first, name)
          : loadableOfMissing(said.others, valuesOf('index').length > 0, name);
  const refused = loadable === 'yes' && refusedByKernel(answer, name);
  return {
    ...(loaded !== undefined && { loaded: { users } }),
    loadable: typeof refused === 'object' ? refused : refused ? 'no' : loadable,
    isRefused: refused === true,
    isMissing,
    isPassedOver: !refused && Boolean(dryRun?.inserts && first !== undefined && effectOf(first) === 'blocks'),
    isBlacklisted: configured.includes(`blacklist ${name}`),
    lines,
    seen: new Map(valuesOf('f').map((text) => fieldsOf(text, 2))),
  };
}

/** Whether the kernel itself refuses it, which modprobe does not tell. */
function refusedByKernel(answer: string, name: string): boolean | { readonly unknown: string } {
  const lines = answer.split('\n').map((line) => line.split('\x1f'));
  if (!lines.some(([word]) => word === 'a')) return false;
  const boot = bootFrom(lines);
  // The last one counts, and names are as the kernel has them.
  const refuses = (all: string) =>
    all
      .split(/\s+/)
      .findLast((word) => word.startsWith('module_blacklist='))
      ?.slice('module_blacklist='.length)
      .split(',')
      .includes(name) ?? false;
  if (!refuses(boot.running)) return false;
  const [unread] = lines.flatMap(([word, why = '']) => (word === 'unread' ? [why] : []));
  const next = unread === undefined ? argumentsAtBoot(boot) : { unknown: `${unread}, so the next boot is unknown` };
  return 'unknown' in next ? next : next.every(refuses);
}

function usersOf(loaded: string): string {
  const [uses, users] = fieldsOf(loaded, 2);
  if (uses === '0' || uses === '-') return '';
  return users.replace(/[,-]+$/, '').replaceAll(',', ', ') || `${uses} times`;
}

function loadableOf(
  run: DryRun,
  exit: number,
  first: string | undefined,
  name: string,
): KernelModuleObserved['loadable'] {
  if (exit !== 0) return { unknown: `modprobe --show-depends ${name} failed with exit code ${exit}` };
  if (run.inserts) return 'yes';
  const isOwn = first !== undefined && run.commands.includes(first.trim());
  if (!isOwn && run.inserted.length)
    return { unknown: `${name} is another name for ${run.inserted.at(-1) ?? ''}: declare that name` };
  if (!isOwn) return { unknown: 'modprobe did not report what it would do' };
  const effect = effectOf(first);
  if (effect === 'unknown')
    return {
      unknown: `its \`install\` line runs \`${first.trim()}\`, and it is unknown whether that loads the module: use /bin/false`,
    };
  return effect === 'blocks' ? 'no' : 'yes';
}

/** The running kernel has none; another that is on the disk may, and may be the one of the next boot. */
function loadableOfMissing(
  others: readonly string[],
  hasIndex: boolean,
  name: string,
): KernelModuleObserved['loadable'] {
  if (!hasIndex)
    return {
      unknown:
        'the modules of the running kernel are not on disk or not indexed: reboot into the installed kernel, or run depmod',
    };
  const rest = others.filter((line) => line !== 'failed' && !line.includes(' not found in directory'));
  return rest.length === 0
    ? 'no'
    : readDryRun(rest, name).inserts
      ? 'yes'
      : { unknown: 'another kernel on disk may have it' };
}

function remedyOf({ name: declared, state, scope }: KernelModuleCheck, observed: KernelModuleObserved): Remedy {
  const name = kernelName(declared);
  const { loaded, loadable, isPassedOver, lines, seen } = observed;
  if (state === 'Loadable') return allowed(observed);
  if (loadable === 'built in')
    return manual('it is built into this kernel and cannot be disabled: boot a kernel without it, or remove the check');
  if (isPassedOver)
    return manual(
      `a soft dependency makes modprobe ignore its \`install\` line: remove the \`softdep\` line from modprobe.d, or boot with \`module_blacklist=${name}\` (grubby --update-kernel=ALL --args=module_blacklist=${name})`,
    );
  const all: Change[] = [];
  if (scope !== 'Live' && loadable === 'yes') {
    const first = lines[0];
    const path = ['holdfast-', '00-holdfast-', '+holdfast-']
      .map((prefix) => `/etc/modprobe.d/${prefix}${name}.conf`)
      .find((candidate) => !first || compareBytes(nameOf(candidate), nameOf(first.file)) <= 0);
    if (!path)
      return manual(
        `line ${first?.line ?? 0} of ${first?.file ?? ''} is read before any file that Holdfast could write: change it there`,
      );
    const put = [`install ${name} /bin/false`, `blacklist ${name}`];
    all.push({ do: 'file', path, seen: seen.get(path) ?? 'absent', edits: [{ line: 0, put }] });
  }
  if (scope !== 'Persisted' && loaded && !loaded.users) all.push({ do: 'module', name, seen: 'loaded' });
  if (all.length) return changes(...all);
  return manual(`it is in use (${loaded?.users ?? ''}): stop what uses it and run \`rmmod ${name}\`, or reboot`);
}

/** Takes out the lines that keep it from being loaded, where they name it and are the administrator's. */
function allowed({ lines, seen, isMissing, isRefused }: KernelModuleObserved): Remedy {
  if (isMissing)
    return manual(
      'the kernel of this host does not have the module: install kernel-modules-extra, or the package that provides it',
    );
  if (isRefused)
    return manual(
      'the kernel argument `module_blacklist` disables it: remove it from there (grubby --update-kernel=ALL), and reboot',
    );
  const blocking = lines.filter(({ command }) => effectOf(command) !== 'loads');
  const foreign = blocking.find(({ file, pattern }) => /[*?[]/.test(pattern) || !seen.get(file)?.startsWith('f:'));
  if (foreign)
    return manual(`line ${foreign.line} of ${foreign.file} disables it, and perhaps other modules: change it there`);
  const files = [...new Set(blocking.map(({ file }) => file))];
  return changes(
    ...files.map((path): Change => {
      const edits = blocking
        .filter(({ file }) => file === path)
        .flatMap(({ line, more }) =>
          Array.from({ length: more + 1 }, (_, at) => ({ line: line + at, drop: true as const })),
        );
      return { do: 'file', path, seen: seen.get(path) ?? '', edits };
    }),
  );
}

/** The kernel's own spelling: it takes `-` and `_` as the same. */
function kernelName(name: string): string {
  return name.replaceAll('-', '_');
}

function nameOf(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
