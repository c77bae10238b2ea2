/** What the next boot mounts at a path: by /etc/fstab, by a unit of systemd, or by systemd itself. Pure. */
import { splitOptions, unescapeOctal } from './mountTable.ts';

/** A line of /etc/fstab for the path. */
export interface FstabLine {
  readonly number: number;
  readonly text: string;
  readonly source: string;
  readonly type: string;
  readonly options: readonly string[];
  /** Whether its source is the declared one by another name. */
  readonly isSameDevice: boolean;
}

/** The unit of the path, with what its file and drop-ins say. */
export interface MountUnit {
  /** Where its file is; empty when there is none. */
  readonly fragment: string;
  readonly source?: string | undefined;
  readonly type?: string | undefined;
  readonly options: readonly string[];
  /** As written, with the percent signs of systemd. */
  readonly rawOptions: string;
  /** The drop-in that has the last word on options. */
  readonly byDropIn?: string | undefined;
  readonly isMasked: boolean;
  readonly isStale: boolean;
  /** Whether a target wants it. */
  readonly starts: boolean;
}

export type AtBoot =
  | {
      readonly by: 'fstab';
      readonly source: string;
      readonly type: string;
      readonly options: readonly string[];
      readonly isSameDevice: boolean;
      readonly starts: boolean;
    }
  | {
      readonly by: 'unit';
      readonly source?: string | undefined;
      readonly type?: string | undefined;
      readonly options: readonly string[];
      readonly isSameDevice: boolean;
      readonly starts: boolean;
    }
  | { readonly by: 'systemd'; readonly options: readonly string[] }
  | { readonly by: 'nobody' };

/** File systems of the kernel that systemd mounts before it reads anything, with its options. */
const api: Readonly<Record<string, readonly string[]>> = {
  '/proc': ['nosuid', 'nodev', 'noexec'],
  '/sys': ['nosuid', 'nodev', 'noexec'],
  '/dev': ['nosuid', 'strictatime'],
  '/dev/shm': ['nosuid', 'nodev', 'strictatime'],
  '/dev/pts': ['nosuid', 'noexec'],
  '/run': ['nosuid', 'nodev', 'strictatime'],
};

export function isApi(path: string): boolean {
  return path in api;
}

/** A unit in /etc has the word over fstab, and fstab over a unit of the system; options of drop-ins over all. */
export function atBoot(path: string, lines: readonly FstabLine[], unit: MountUnit | undefined): AtBoot {
  if (unit?.isMasked) return { by: 'nobody' };
  const [line] = lines;
  const isOwn = unit?.fragment.startsWith('/etc/systemd/system/');
  if (
    unit?.fragment &&
    (isOwn || (!line && unit.fragment.startsWith('/usr/lib/')) || (!line && unit.fragment.startsWith('/lib/')))
  ) {
    const { source, type, options, starts } = unit;
    return { by: 'unit', source, type, options, isSameDevice: false, starts };
  }
  if (line) {
    const options = unit?.byDropIn ? unit.options : line.options;
    return {
      by: 'fstab',
      source: line.source,
      type: line.type,
      options,
      isSameDevice: line.isSameDevice,
      starts: !line.options.includes('noauto'),
    };
  }
  const options = api[path];
  return options ? { by: 'systemd', options } : { by: 'nobody' };
}

/** Throws when the line is no line of fstab. */
export function fstabLineOf(number: number, text: string, isSameDevice: boolean): FstabLine {
  const [source, target, type, options = 'defaults'] = text.trim().split(/[ \t]+/);
  if (!source || !target || !type) throw new Error(`line ${number} of /etc/fstab has too few fields`);
  return {
    number,
    text,
    source: unescapeOctal(source).replace(/^([A-Z]+=)"(.*)"$/, '$1$2'),
    type,
    options: splitOptions(options.startsWith('#') ? 'defaults' : options),
    isSameDevice,
  };
}

/** The line with other options, and all else as it is. */
export function withOptions(text: string, options: readonly string[]): string {
  const [, head = '', old = '', tail = ''] =
    /^([ \t]*[^ \t]+[ \t]+[^ \t]+[ \t]+[^ \t]+)([ \t]+[^ \t#][^ \t]*)?(.*)$/s.exec(text) ?? [];
  const blank = /^[ \t]+/.exec(old)?.[0] ?? ' ';
  return `${head}${blank}${options.map((option) => (option.includes(',') ? option.replace(/=(.*)$/s, '="$1"') : option)).join(',')}${tail}`;
}

/** `texts` are the lines of its file and drop-ins, in the order in which systemd reads them. */
export function unitFrom(
  [fragment, , state, loaded, reload, targets]: readonly [string, string, string, string, string, string],
  texts: readonly { readonly file: string; readonly text: string }[],
): MountUnit {
  let byDropIn: string | undefined;
  const valueOf = (key: string) => {
    const all = texts.filter(({ text }) => text.trim().startsWith(`${key}=`));
    if (key === 'Options') byDropIn = all.findLast(({ file }) => file.includes('.mount.d/'))?.file;
    return all
      .at(-1)
      ?.text.trim()
      .slice(key.length + 1)
      .trim();
  };
  const rawOptions = valueOf('Options') ?? '';
  return {
    fragment,
    source: valueOf('What')?.replaceAll('%%', '%'),
    type: valueOf('Type'),
    rawOptions,
    options: splitOptions(rawOptions.replaceAll('%%', '%')),
    byDropIn,
    isMasked: loaded === 'masked' || state.startsWith('masked'),
    isStale: reload === 'yes',
    starts: targets.split(' ').some((name) => name.endsWith('.target')) || state.startsWith('enabled'),
  };
}
