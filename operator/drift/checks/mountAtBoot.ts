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
  /** Whether the boot starts what wants it; or units that want it of which that is not known. */
  readonly starts: Starts;
}

export type Starts = boolean | readonly string[];

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
      readonly starts: Starts;
    }
  | { readonly by: 'generator'; readonly fragment: string }
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

/** With these systemd mounts it on first use, even with `noauto`. */
const onFirstUse = new Set(['x-systemd.automount', 'comment=systemd.automount']);

/** A unit in /etc has the word over fstab, and fstab over a unit of the system or of another generator; options of drop-ins over all. */
export function atBoot(path: string, lines: readonly FstabLine[], unit: MountUnit | undefined): AtBoot {
  if (unit?.isMasked) return { by: 'nobody' };
  const [line] = lines;
  const fragment = unit?.fragment ?? '';
  if (unit && (fragment.startsWith('/etc/') || (!line && fragment && !fragment.startsWith('/run/')))) {
    const { source, type, options, starts } = unit;
    return { by: 'unit', source, type, options, isSameDevice: false, starts };
  }
  if (!line && fragment.startsWith('/run/systemd/generator')) return { by: 'generator', fragment };
  if (line) {
    const options = unit?.byDropIn ? unit.options : line.options;
    return {
      by: 'fstab',
      source: line.source,
      type: line.type,
      options,
      isSameDevice: line.isSameDevice,
      starts: !line.options.includes('noauto') || line.options.some((option) => onFirstUse.has(option)),
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

/** Targets that every boot starts; the default one, whatever its name, is told as such. */
const ofBoot = new Set(
  'default.target basic.target sysinit.target local-fs.target local-fs-pre.target remote-fs.target sockets.target timers.target paths.target'.split(
    ' ',
  ),
);
/** Its [Install] section is not in effect at the next boot: what wants it now does so no longer then. */
const isOnlyForNow = /^(disabled|enabled-runtime|linked|linked-runtime)$/;

/** `texts` are the lines of its file and drop-ins, in the order in which systemd reads them; `links` what wants it by a link on the disk. */
export function unitFrom(
  [fragment, , state, loaded, reload, targets]: readonly [string, string, string, string, string, string],
  texts: readonly { readonly file: string; readonly text: string }[],
  links: readonly string[],
): MountUnit {
  const settings = settingsOf(texts);
  const lastOf = (key: string) => settings.findLast((one) => one.key === key);
  const options = lastOf('Options');
  const rawOptions = options?.value ?? '';
  return {
    fragment,
    source: lastOf('What')?.value.replaceAll('%%', '%'),
    type: lastOf('Type')?.value,
    rawOptions,
    options: splitOptions(rawOptions.replaceAll('%%', '%')).map((option) => option.trim()),
    byDropIn: options && options.file !== fragment ? options.file : undefined,
    isMasked: loaded === 'masked' || state.startsWith('masked'),
    isStale: reload === 'yes',
    starts: startsOf(state, targets.split(' ').filter(Boolean), links),
  };
}

function startsOf(state: string, wanting: readonly string[], links: readonly string[]): Starts {
  if (links.some((name) => ofBoot.has(name))) return true;
  const others = [...new Set([...links, ...(isOnlyForNow.test(state) ? [] : wanting)])];
  return others.length ? others : false;
}

/** What stands in the section [Mount], as systemd reads it: with blanks around the sign, and lines that go on. */
function settingsOf(texts: readonly { readonly file: string; readonly text: string }[]) {
  const settings: { file: string; key: string; value: string }[] = [];
  let section = '';
  let begun = '';
  for (const [at, { file, text }] of texts.entries()) {
    if (file !== texts[at - 1]?.file) section = begun = '';
    if (/^\s*[#;]/.test(text)) continue;
    const line = begun + text;
    begun = line.endsWith('\\') ? `${line.slice(0, -1)} ` : '';
    if (begun) continue;
    section = /^\s*\[(.*)\]\s*$/.exec(line)?.[1] ?? section;
    const [, key = '', value = ''] = /^\s*([A-Za-z]+)\s*=\s*(.*?)\s*$/s.exec(line) ?? [];
    if (section === 'Mount' && key) settings.push({ file, key, value });
  }
  return settings;
}
