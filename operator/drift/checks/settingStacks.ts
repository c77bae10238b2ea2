/** What stacks of PAM tell a module that reads a configuration file, and whether any of them has it. Pure. */
import type { Format } from './settingFormats.ts';
import { isStack } from './settingPaths.ts';
import { isKey, type Named, type Occurrence } from './settingReading.ts';
import { endsInBackslash, type ToldFile, type ToldLine } from './toldLines.ts';

/** Modules whose files below /etc/security have no format of their own. */
const modules = /^\/etc\/security\/(access|group|namespace|pwhistory|sepermit|time)\.conf$/;

/** The module that reads the file, where it is one of these. */
export function moduleFor(path: string): string | undefined {
  const name = modules.exec(path)?.[1];
  return name === undefined ? undefined : `pam_${name}.so`;
}

/** Arguments by which stacks of PAM give the module the key. Throws what is not understood. */
export function argumentsOf(format: Format, { key }: Named, files: readonly ToldFile[]): readonly Occurrence[] {
  const { module } = format;
  if (!module) return [];
  return files.flatMap((file) =>
    isStack(file) ? file.lines.flatMap((line): Occurrence[] => argumentsIn(format, key, file, line)) : [],
  );
}

function argumentsIn(format: Format, key: string, file: ToldFile, line: ToldLine): Occurrence[] {
  const [active = ''] = line.text.split('#');
  const { module = '' } = format;
  if (!active.includes(module)) return [];
  if (line.isJoined || endsInBackslash(active))
    throw new Error(`line ${line.number} of ${file.path} is part of a continued line, which Holdfast does not join`);
  const words = active
    .slice(active.indexOf(module) + module.length)
    .trim()
    .split(/\s+/);
  const place = `line ${line.number} of ${file.path}`;
  return words.flatMap((word) => {
    if (/^[[\]]|\]$/.test(word))
      throw new Error(`${place} has arguments in brackets, which Holdfast does not read: write them without brackets`);
    const [name = '', ...rest] = word.split('=');
    if (name === 'conf') throw new Error(`${place} has ${module} read ${rest.join('=')} instead: remove that argument`);
    if (isKey(format, key, name) !== true) return [];
    return [{ file, line, more: [], value: rest.join('='), isShared: true, isArgument: true as const }];
  });
}

/** The stacks of RHEL that all others include; a host that has neither is set up in a way of its own. */
const shared = /^\/etc\/pam\.d\/(system|password)-auth$/;

/** Why nothing reads the file: no stack has the module. */
export function whyUnused({ module }: Pick<Format, 'module'>, files: readonly ToldFile[]): string | undefined {
  if (!module || !files.some(({ path, seen }) => shared.test(path) && seen !== 'absent')) return undefined;
  const isUsed = files.some(
    (file) => isStack(file) && file.lines.some(({ text }) => (text.split('#')[0] ?? '').includes(module)),
  );
  return isUsed
    ? undefined
    : `no PAM stack in /etc/pam.d uses ${module}, which reads that file: enable it, for example with \`authselect enable-feature\``;
}
