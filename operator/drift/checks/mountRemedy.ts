/** How a mount comes to be as declared, from what is there: fstab or a drop-in first, then the mount itself, of which only flags that lack are set. Pure. */
import type { MountCheck } from '../../api/v1alpha1/fileChecks.ts';
import { changes, manual, type Change, type Remedy } from './change.ts';
import { bootDifferences, liveDifferences, type MountObserved } from './mountDifferences.ts';
import { atBoot, isApi, withOptions } from './mountAtBoot.ts';
import { completed, flagsOf, holds, isOnlyInFstab, liveChange, unproven } from './mountOptions.ts';
import { escapeOctal, unitOf } from './mountTable.ts';

/** systemd makes units of fstab. */
const reload = [{ unit: 'systemd', action: 'daemon-reload' as const }];

/** Whether findmnt finds no more wrong with a new fstab than with the one that is there. */
export const fstabNoWorse = `faults() { findmnt --verify --tab-file "$1" 2>&1 | sed -n 's/^\\([0-9]*\\) parse errors*, *\\([0-9]*\\) errors*.*/\\1 \\2/p'; }
findmnt --verify --tab-file "$1" >/dev/null 2>&1
case $? in 0) exit 0 ;; 1) ;; *) echo 'findmnt does not work' >&2; exit 1 ;; esac
file=$1
set -- $(faults "$1") $(faults /etc/fstab)
[ "$#" = 4 ] && [ "$1" -le "$3" ] && [ "$2" -le "$4" ] && exit 0
findmnt --verify --tab-file "$file" 2>&1 | sed -n 's/^ *\\[E\\] */findmnt --verify says: /p;s/^findmnt: .*: \\(parse error at line [0-9]*\\).*/findmnt --verify says: \\1/p' >&2
exit 1`;

export function mountRemedy(declared: MountCheck, observed: MountObserved): Remedy {
  const { scope } = declared;
  const differsLive = scope !== 'Persisted' && liveDifferences(declared, observed).some(Boolean);
  const differsAtBoot = scope !== 'Live' && bootDifferences(declared, observed).some(Boolean);
  const boot = differsAtBoot ? persist(declared, observed) : [];
  if (typeof boot === 'string') return manual(boot);
  const live = differsLive ? apply(declared, observed) : [];
  if (typeof live === 'string') return manual(live);
  const folder = live.filter((change) => change.do === 'folder');
  return changes(...folder, ...boot, ...live.filter((change) => change.do !== 'folder'));
}

/** The changes for the next boot; or what a person does. */
function persist(declared: MountCheck, observed: MountObserved): Change[] | string {
  const { path, source, type, options = [] } = declared;
  const { lines, unit, fstabSeen, seen, mounted, memory } = observed;
  const next = atBoot(path, lines, unit);
  const others = bootDifferences(declared, observed).filter((one) => one && one.path !== 'persisted options');
  if (unit?.isMasked)
    return `its unit is masked, so it is never mounted at boot: run \`systemctl unmask ${unitOf(path)}\``;
  if (lines.length > 1) return `/etc/fstab has ${lines.length} lines for ${path}: keep only one of them`;
  if (fstabSeen !== 'absent' && !fstabSeen.startsWith('f:'))
    return '/etc/fstab is not a regular file: change the file that it points to';
  if (lines.some((line) => line.options.some((option) => /^(password|pass|passwd|cred)=/.test(option))))
    return `the line for ${path} in /etc/fstab contains a password, which must not leave the host: change it manually`;
  const risky = declared.scope === 'Persisted' ? untried(declared, observed) : undefined;
  if (risky !== undefined)
    return `whether the file system takes \`${risky}\` shows only when it is mounted with it, and the host does not boot if it does not: declare it without \`scope: Persisted\`, or add \`nofail\``;
  if (next.by === 'unit' || (unit?.byDropIn && lines.length)) {
    if (others.length)
      return `${unit?.fragment ?? ''} determines what is mounted and when: change it there, and run \`systemctl enable ${unitOf(path)}\``;
    const name = `/etc/systemd/system/${unitOf(path)}.d`;
    const file = `${name}/zz-holdfast.conf`;
    const last = unit?.byDropIn?.split('/').at(-1) ?? '';
    if (last > 'zz-holdfast.conf') return `${unit?.byDropIn ?? ''} takes precedence: change \`Options=\` there`;
    const wanted = completed(
      (unit?.rawOptions ?? '').split(',').filter(Boolean),
      options.map((option) => option.replaceAll('%', '%%')),
      memory,
    );
    const content = `[Mount]\nOptions=${wanted.join(',')}\n`;
    return [
      ...(seen.has(name) ? [] : [{ do: 'folder' as const, path: name, seen: 'absent', mode: '0755' }]),
      { do: 'file', path: file, seen: seen.get(file) ?? 'absent', content },
    ];
  }
  const validate = ['sh', '-c', fstabNoWorse, 'findmnt', '%s'];
  const fstab = { do: 'file' as const, path: '/etc/fstab', seen: fstabSeen, validate, notify: reload };
  const [line] = lines;
  if (line) {
    if (others.length)
      return `line ${line.number} of /etc/fstab mounts something else, or does not mount at boot: change it manually`;
    return [
      {
        ...fstab,
        edits: [
          { line: line.number, drop: true, put: [withOptions(line.text, completed(line.options, options, memory))] },
        ],
      },
    ];
  }
  if (/^\/(proc|sys)\/./.test(path))
    return 'mounts below /proc and /sys do not belong in /etc/fstab: create a unit for it';
  const from = source ?? (mounted?.root === '/' && isNamedForGood(mounted.source) ? mounted.source : undefined);
  const kind = type ?? mounted?.type;
  if (from === undefined || kind === undefined)
    return '/etc/fstab has no line for it: set `source` and `type`, such as `UUID=…` and `xfs`';
  const kept = next.by === 'systemd' ? next.options : mounted ? keptOf(mounted) : [];
  const current = mounted ? flagsOf(mounted.flags).filter((flag) => flag !== 'ro' || !isApi(path)) : [];
  const all = completed([...new Set([...kept, ...current])], options, memory);
  const text = [escapeOctal(from), escapeOctal(path), kind, all.join(',') || 'defaults', '0', '0'].join(' ');
  return [{ ...fstab, edits: [{ line: -1, put: [text] }] }];
}

/** An option for the next boot that is not in effect now, and that its file system may refuse. */
function untried(declared: MountCheck, observed: MountObserved): string | undefined {
  const { path, type, options = [] } = declared;
  const { lines, unit, mounted, memory } = observed;
  const next = atBoot(path, lines, unit);
  const known = 'options' in next ? next.options : [];
  const inEffect = mounted ? [...mounted.flags, ...mounted.superOptions] : [];
  const coming = options.filter((option) => !known.includes(option) && !holds(option, inEffect, memory));
  const kind = type ?? ('type' in next ? next.type : undefined) ?? mounted?.type ?? '';
  return unproven(coming, [...known, ...options], kind);
}

/** What a tmpfs was made with, and would not be without. */
function keptOf({ type, superOptions }: NonNullable<MountObserved['mounted']>): string[] {
  return type === 'tmpfs' ? superOptions.filter((option) => /^(size|mode|uid|gid|nr_inodes)=/.test(option)) : [];
}

/** A disk may have another name tomorrow. */
function isNamedForGood(source: string): boolean {
  return !/^\/dev\/(sd|vd|xvd|nvme|mmcblk|hd)/.test(source);
}

/** The changes for now; or what a person does. */
function apply(declared: MountCheck, observed: MountObserved): Change[] | string {
  const { path, source, type, options = [], scope } = declared;
  const { mounted, folder, isEmpty, lines, memory } = observed;
  if (mounted) {
    const wrong = liveDifferences(declared, observed).find((one) => one && one.path !== 'options');
    if (wrong)
      return 'another file system is mounted there: check what uses it, and unmount it; Holdfast then mounts the declared one';
    const all = [...mounted.flags, ...mounted.superOptions];
    const missing = options.filter((option) => !holds(option, all, memory));
    const change = liveChange(missing, mounted.type, mounted.superOptions.includes('ro'));
    if ('not' in change) return `\`${change.not}\` takes effect only on a new mount: unmount and mount it, or reboot`;
    return [{ do: 'mount', path, seen: mounted.seen, ...change }];
  }
  const byFstab = lines.length === 1;
  if (!byFstab && (source === undefined || type === undefined))
    return '/etc/fstab has no line for it: set `source` and `type` to have it mounted';
  if (lines.length > 1) return `/etc/fstab has ${lines.length} lines for ${path}: keep only one of them`;
  if (folder !== undefined && !folder.startsWith('d:')) return `${path} is not a directory: move it away`;
  if (folder !== undefined && !isEmpty)
    return `${path} is not empty, and the mount would hide its content: move it away first`;
  const mountOptions = options.filter((option) => !isOnlyInFstab(option) || /^r?bind$/.test(option)).join(',');
  const made: Change[] = folder === undefined ? [{ do: 'folder', path, seen: 'absent', mode: '0755' }] : [];
  if (byFstab || scope !== 'Live') return [...made, { do: 'mount', path, seen: 'absent' }];
  return [
    ...made,
    { do: 'mount', path, seen: 'absent', source: source ?? '', type: type ?? '', options: mountOptions },
  ];
}
