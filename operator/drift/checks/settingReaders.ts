/** Values that programs read differently, and what a setting needs besides to be in effect. Pure. */
import type { SettingCheck } from '../../api/v1alpha1/settingCheck.ts';
import type { Format } from './settingFormats.ts';
import { commandLine } from './settingPaths.ts';
import { holds } from './settingValues.ts';
import type { ToldFile } from './toldLines.ts';

type Named = Pick<SettingCheck, 'path' | 'key' | 'value' | 'compare' | 'state'>;

/** What some readers make of a value: with the comment behind it or without, in its quotes or without. */
const readings: readonly (readonly [form: RegExp, which: string])[] = [
  [
    /^(.*?)\s+[#;].*$/s,
    'has a comment sign behind its value, which some readers treat as a part of it: put the comment on a line of its own',
  ],
  [
    /^(["'])(.*)\1(?:\s+[#;].*)?$/s,
    'has its value in quotes, which some readers treat as a part of it: declare the value as it is written there',
  ],
];

/** Why it depends on the reader whether the value is the declared one, as words that follow its line. */
export function whyDisputed(format: Format, named: Named, value: string): string | undefined {
  if (named.state === 'Absent' || named.value === undefined) return undefined;
  const [open = 0, shut = 0] = ['[', ']'].map((sign) => value.split(sign).length);
  if (/^\[/.test(value) && open > shut)
    return 'begins a list that continues below, which Holdfast does not read: write it on one line';
  if (holds(format, named, value) === true) return undefined;
  return readings.find(([form]) => {
    const bare = form.exec(value)?.at(-1);
    return bare !== undefined && holds(format, named, bare) === true;
  })?.[1];
}

const toml = /^\/etc\/(containers|crio|containerd)\/|\.toml$/;
const literal = /^("([^"\\]|\\.)*"|'[^']*'|true|false|[+-]?[0-9][0-9_]*(\.[0-9]+)?|\[.*\]|\{.*\})$/;

/** Why the value would spoil a file of TOML, whose readers then refuse all of it. */
export function whyNoLiteral({ path, value = '' }: Pick<Named, 'path' | 'value'>): string | undefined {
  if (!toml.test(path) || literal.test(value)) return undefined;
  return `${path} is TOML, in which a text is in quotes: declare \`value\` with them`;
}

/** What says with which arguments the kernel was started. */
export function askedOfBoot({ path, key }: Pick<Named, 'path' | 'key'>): readonly string[] {
  return path === '/etc/default/grub' && /^GRUB_CMDLINE_LINUX(_DEFAULT)?$/.test(key) ? [commandLine] : [];
}

/** Why arguments of the kernel are not in effect: the file is only read when boot entries are written, and not for all of them. */
export function whyNotBooted(value: string, files: readonly ToldFile[]): string | undefined {
  const started = files.find(({ path }) => path === commandLine);
  if (!started) return undefined;
  const has = new Set(started.lines.flatMap(({ text }) => text.trim().split(/\s+/)));
  const missing = value.split(/\s+/).filter((word) => word !== '' && !has.has(word));
  if (!missing.length) return undefined;
  return `the kernel was started without ${missing.join(' ')}: run \`grubby --update-kernel=ALL --args="${missing.join(' ')}"\`, and restart the host`;
}
