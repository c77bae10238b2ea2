/**
 * Setting: the value that a configuration file and its drop-in folders give a key, as their reader reads them. Which file and line
 * decides is told, and is what a correction edits. How each format is read is a table, in `settingFormats.ts`.
 */
import type { SettingCheck } from '../../api/v1alpha1/settingCheck.ts';
import { sha256 } from '../../lib/digest.ts';
import { manual } from './change.ts';
import type { CheckType, Comparison, Conceal } from './checkType.ts';
import { differs, known, unknown } from './comparison.ts';
import { formatOf, formats, type Format } from './settingFormats.ts';
import { blanks } from './settingForms.ts';
import { needsBlanks, otherTypeFor, sectionOf } from './settingPaths.ts';
import { askedOf, inOrder, occurrencesOf, type Occurrence } from './settingReading.ts';
import { whyNotBooted } from './settingReaders.ts';
import { argumentsOf, moduleFor, whyUnused } from './settingStacks.ts';
import { whyNotLarger } from './settingPairs.ts';
import { remedyFor, type Wanted } from './settingRemedy.ts';
import { claimFor, holds } from './settingValues.ts';
import { visible } from './shown.ts';
import { assertSudoSetting, claimsOfSudo, compareSudo, remedySudo, saidBySudo } from './sudoSetting.ts';
import type { LinesAsked, Told } from './toldLines.ts';
import { askingLines } from './toldLinesScript.ts';

export const setting: CheckType<'setting', Told> = {
  key: 'setting',
  ...askingLines(askedFor),
  compare(declared, told, conceal) {
    const format = formatFor(declared);
    const said = saidBySudo(told);
    if (said) return 'unknown' in said ? unknown(said.unknown) : compareSudo(declared, said, conceal);
    const found = readAs(format, declared, told);
    if (typeof found === 'string') return unknown(found);
    const compared = compareSetting(format, declared, found, conceal);
    const isPass = compared.is === 'known' && !compared.differences.length;
    if (!isPass || declared.state === 'Absent') return compared;
    const asFound = { ...declared, value: found.at(-1)?.value ?? '' };
    const why =
      whyUnused(format, told.files) ??
      whyNotLarger(format, asFound, told.files) ??
      whyNotBooted(asFound.value, told.files);
    return why === undefined ? compared : unknown(why);
  },
  remedy(declared, told) {
    const format = formatFor(declared);
    const said = saidBySudo(told);
    if (said) return 'unknown' in said ? manual(said.unknown) : remedySudo(declared, told, said);
    const found = readAs(format, declared, told);
    if (typeof found === 'string') return manual(found);
    const unused = declared.state === 'Absent' ? undefined : whyUnused(format, told.files);
    return unused === undefined ? remedyFor(format, wantedOf(format, declared), told, found) : manual(unused);
  },
  claims(declared) {
    const format = formatFor(declared);
    if (format === formats.Sudoers) return claimsOfSudo(declared);
    return format.addsUp?.test(declared.key) ? {} : { [claimNameOf(format, declared)]: claimFor(format, declared) };
  },
};

function askedFor(declared: SettingCheck): LinesAsked {
  const format = formatFor(declared);
  if (format === formats.Sudoers) {
    assertSudoSetting(declared);
    return { path: declared.path, folders: [], words: ['Defaults'], sudo: true };
  }
  return askedOf(format, wantedOf(format, declared));
}

const withoutBlanks =
  'has no blanks around its equals sign, and its reader does not start with such a line: fix it first';

/** Throws what the declaration lacks. */
export function formatFor({ path, format }: Pick<SettingCheck, 'path' | 'format'>): Format {
  const other = otherTypeFor(path);
  if (other && !format) throw new Error(`declare this with a check of type \`${other}\`, which is made for this file`);
  const name = format ?? formatOf(path);
  if (!name) throw new Error(`the format of ${path} is unknown: set \`format\``);
  if (formats[name].isStrict && needsBlanks.test(path)) return { ...formats[name], form: blanks, oddly: withoutBlanks };
  // A module of PAM whose file has no format of its own.
  const module = moduleFor(path);
  return module === undefined || formats[name].module ? formats[name] : { ...formats[name], module };
}

/** What a setting is called where two checks must not decide it differently. */
export function claimNameOf(format: Format, declared: SettingCheck): string {
  const { path, key, section } = wantedOf(format, declared);
  const name = format.caseless?.includes('keys') ? key.toLowerCase() : key;
  return `setting ${name} of ${section === undefined ? '' : `[${section}] of `}${path}`;
}

function wantedOf(format: Format, declared: SettingCheck): Wanted {
  const { path, key } = declared;
  const section = declared.section ?? (format.header ? sectionOf(path) : undefined);
  if (section !== undefined && !format.header) throw new Error(`${path} has no sections: remove \`section\``);
  if (section === undefined && format.header && !format.isStrict)
    throw new Error('set `section` to the section of the file that it is in, without brackets');
  if (/\.d\/[^/]*$/.test(path) && format.folders)
    throw new Error(
      `set \`path\` to the main file, such as ${path.replace(/\.d\/[^/]*$/, '')}: its drop-in directories are read with it`,
    );
  if (format === formats.Systemd && !/^\/etc\/systemd\/[A-Za-z0-9@._-]+\.conf$/.test(path))
    throw new Error('format `Systemd` is for files such as /etc/systemd/journald.conf');
  if (format === formats.Limits && !/^\S+ (soft|hard) \S+$/.test(key))
    throw new Error('the `key` of a limit is its domain, `soft` or `hard`, and its item, such as `* hard core`');
  return { ...declared, ...(section !== undefined && { section }) };
}

/** All places that set it; or why that cannot be told. */
function readAs(format: Format, declared: SettingCheck, told: Told): readonly Occurrence[] | string {
  try {
    const named = wantedOf(format, declared);
    return [...occurrencesOf(format, named, inOrder(format, told.files)), ...argumentsOf(format, named, told.files)];
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function compareSetting(
  format: Format,
  declared: SettingCheck,
  all: readonly Occurrence[],
  conceal: Conceal,
): Comparison {
  const { value, state } = declared;
  const isSecret = Boolean(declared.sensitive);
  const last = all.at(-1);
  const expected = state === 'Absent' ? 'not set' : expectedOf(declared, isSecret, conceal);
  // An empty value of systemd takes back what was set.
  const isSet = last && !(format === formats.Systemd && last.value === '');
  if (!isSet) return known([state === 'Absent' ? undefined : differs('value', expected, 'not set')]);
  if (state === 'Absent') return known([differs('value', expected, placeOf(last, isSecret, conceal))]);
  const results = all.map((one) => ({ one, result: holds(format, declared, one.value) }));
  const adds = format.addsUp?.test(declared.key);
  if (adds && results.some(({ result }) => result === true)) return known([]);
  // Each call of the module has its own arguments, and the file where it has none.
  const own = results.filter(({ one }) => !one.isArgument).slice(-1);
  const counting = format.isStrict || adds ? results : [...own, ...results.filter(({ one }) => one.isArgument)];
  for (const { one, result } of counting)
    if (typeof result === 'object')
      return unknown(
        `line ${one.line.number} of ${one.file.path} gives ${declared.key} a value that cannot be compared: ${result.unclear}`,
      );
  const wrong = counting.findLast(({ result }) => result !== true);
  if (!wrong) {
    const other = format.isStrict && all.find((one) => value === undefined && one.value !== last.value);
    return known([other ? differs('value', 'set once', placeOf(other, isSecret, conceal)) : undefined]);
  }
  return known([differs('value', expected, placeOf(wrong.one, isSecret, conceal))]);
}

function expectedOf({ value, compare }: SettingCheck, isSecret: boolean, conceal: Conceal): string {
  if (value === undefined) return 'present';
  const shown = isSecret ? conceal(sha256(value)) : visible(value);
  return compare === 'AtMost' ? `at most ${shown}` : compare === 'AtLeast' ? `at least ${shown}` : shown;
}

function placeOf({ value, file, line }: Occurrence, isSecret: boolean, conceal: Conceal): string {
  const shown = isSecret || !file.isPublic ? conceal(sha256(value)) : visible(value.replaceAll('\n', ' | '));
  return `${shown || 'empty'} (line ${line.number} of ${file.path})`;
}
