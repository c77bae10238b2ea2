/** What was found of a mount, and where it is not as declared: now, and at the next boot. Pure. */
import type { MountCheck } from '../../api/v1alpha1/fileChecks.ts';
import type { Difference } from './checkType.ts';
import { differs } from './comparison.ts';
import { atBoot, type AtBoot, type FstabLine, type MountUnit } from './mountAtBoot.ts';
import { holds, holdsAtBoot, optionDifference } from './mountOptions.ts';
import { longestUnit, unitOf, type Mounted } from './mountTable.ts';
import { visible } from './shown.ts';

export interface MountObserved {
  readonly mounted?: Mounted | undefined;
  /** Whether the declared source is another name of the device that is mounted. */
  readonly isSameDevice: boolean;
  /** Whether the declared source is the very directory or file that shows at the path. */
  readonly isBound: boolean;
  /** Whether the host has no links of devices by their labels. */
  readonly lacksLinks: boolean;
  /** Where the path leads by links. */
  readonly leadsTo?: string | undefined;
  /** What the probe saw at the path, and whether it is an empty directory, where nothing is mounted. */
  readonly folder?: string | undefined;
  readonly isEmpty: boolean;
  readonly lines: readonly FstabLine[];
  readonly fstabSeen: string;
  readonly unit?: MountUnit | undefined;
  /** Of the folder of drop-ins, and of ours in it. */
  readonly seen: ReadonlyMap<string, string>;
  /** In KiB. */
  readonly memory: number;
}

export function liveDifferences(declared: MountCheck, observed: MountObserved): (Difference | undefined)[] {
  const { source, type, options = [] } = declared;
  const { mounted, isSameDevice, isBound, memory } = observed;
  if (!mounted) return [differs('state', 'mounted', 'absent')];
  const isBind = options.some((option) => option === 'bind' || option === 'rbind') || type === 'none';
  const isSource = isBind ? isBound : source === mounted.source || isSameDevice;
  const isType = isBind || isTypeOf(type, mounted.type);
  const all = [...mounted.flags, ...mounted.superOptions];
  return [
    isSource ? undefined : differs('source', source, visible(mounted.source)),
    isType ? undefined : differs('type', type, visible(mounted.type)),
    ...options
      .filter((option) => !holds(option, all, memory))
      .map((option) => optionDifference('options', option, all)),
  ];
}

/** Why it is not known what the next boot mounts. */
export function bootUnknown({ path }: MountCheck, { lines, unit }: MountObserved): string | undefined {
  const name = unitOf(path);
  if (name.length > longestUnit) return 'systemd may have no unit for a path as long as this: declare `scope: Live`';
  if (unit?.isStale && unit.fragment.startsWith('/etc/'))
    return `systemd has not read ${unit.fragment} since it changed: run \`systemctl daemon-reload\``;
  const next = atBoot(path, lines, unit);
  if (next.by === 'generator')
    return `a generator of systemd made ${next.fragment}, and it is unknown what it makes at the next boot: add a line to /etc/fstab, or declare \`scope: Live\``;
  if (next.by === 'unit' && typeof next.starts === 'object')
    return `only ${next.starts.join(', ')} starts ${name}, and it is unknown whether the boot starts that: make local-fs.target want it`;
  return undefined;
}

export function bootDifferences(declared: MountCheck, observed: MountObserved): (Difference | undefined)[] {
  const { path, source, type, options = [] } = declared;
  const { lines, unit, memory } = observed;
  const next = atBoot(path, lines, unit);
  if (next.by === 'nobody' || next.by === 'generator')
    return [differs('persisted state', 'mounted', unit?.isMasked ? 'masked' : 'not in /etc/fstab')];
  const where = next.by === 'unit' ? `set by ${unit?.byDropIn ?? unit?.fragment ?? ''}` : undefined;
  const wantsAuto = !options.includes('noauto');
  const lists = next.by === 'fstab' && !unit?.byDropIn ? lines.map((line) => line.options) : [next.options];
  return [
    'starts' in next && !next.starts && wantsAuto
      ? differs('persisted state', 'mounted', 'not mounted at boot')
      : undefined,
    'source' in next && source !== undefined && !isSourceOf(source, next)
      ? differs('persisted source', source, visible(next.source ?? ''))
      : undefined,
    'type' in next && !isTypeOf(type, next.type ?? 'auto')
      ? differs('persisted type', type, visible(next.type ?? 'auto'))
      : undefined,
    ...options.flatMap((option) => {
      const wrong = lists.find((list) => !holdsAtBoot(option, list, memory));
      return wrong ? [withMessage(optionDifference('persisted options', option, wrong), where)] : [];
    }),
  ];
}

function isSourceOf(
  source: string,
  { source: found, isSameDevice }: Extract<AtBoot, { by: 'fstab' | 'unit' }>,
): boolean {
  return isSameDevice || found === source.replace(/^([A-Z]+=)"(.*)"$/, '$1$2');
}

function withMessage(difference: Difference | undefined, message: string | undefined): Difference | undefined {
  return difference && message ? { ...difference, message } : difference;
}

function isTypeOf(declared: string | undefined, found: string): boolean {
  return (
    declared === undefined ||
    declared === found ||
    declared === 'auto' ||
    found === 'auto' ||
    (declared === 'nfs' && found === 'nfs4')
  );
}
