/**
 * A setting of sudo: what Defaults come to for everybody, and that none says otherwise for some. `name` without a value is a flag that is on,
 * `!name` one that is off. `NOPASSWD` stands for who needs no password.
 */
import type { LineCheck } from '../../api/v1alpha1/fileChecks.ts';
import type { SettingCheck } from '../../api/v1alpha1/settingCheck.ts';
import { sha256 } from '../../lib/digest.ts';
import { changes, manual, type LineEdit, type Remedy } from './change.ts';
import { exactly, type Claim } from './claim.ts';
import type { Comparison, Conceal } from './checkType.ts';
import { differs, known, unknown } from './comparison.ts';
import type { Effect } from './effect.ts';
import { formats } from './settingFormats.ts';
import { canonical, claimFor, holds } from './settingValues.ts';
import { parseSudo, type SudoDefault, type SudoSaid } from './sudoSaid.ts';
import type { Told } from './toldLines.ts';
import { visible } from './shown.ts';

export const noPassword = 'NOPASSWD';
const format = formats.Sudoers;

/** What was told of sudo; nothing where it was not asked. */
export function saidBySudo({ sudo }: Told): SudoSaid | { readonly unknown: string } | undefined {
  if (!sudo || 'unknown' in sudo) return sudo;
  try {
    return parseSudo(sudo.json);
  } catch (error) {
    return { unknown: error instanceof Error ? error.message : String(error) };
  }
}

/** Throws what the declaration lacks. */
export function assertSudoSetting({ path, key, value, state, compare, notify }: SettingCheck): void {
  if (path !== '/etc/sudoers')
    throw new Error('set `path` to /etc/sudoers: the files that it includes are read with it');
  if (notify) throw new Error('remove `notify`: sudo reads its files each time it runs');
  if (key === noPassword) {
    if (
      (value === undefined && state !== 'Absent') ||
      (compare !== undefined && !['Equal', 'SameWords'].includes(compare))
    )
      throw new Error(`for ${noPassword}, set \`value\` to those who need no password, or set \`state: Absent\``);
  } else if (!/^!?[a-z][a-z0-9_]*$/.test(key))
    throw new Error('`key` must be the name of a Defaults entry, such as use_pty or !authenticate');
  else if (key.startsWith('!') && value !== undefined) throw new Error('a `key` that begins with `!` has no value');
}

export function compareSudo(declared: SettingCheck, said: SudoSaid, conceal: Conceal): Comparison {
  if (declared.key === noPassword) return comparePasswords(declared, said, conceal);
  const own = said.defaults.filter(({ name }) => name === nameOf(declared));
  if (own.some(({ operation, value }) => operation !== 'assign' || typeof value === 'object'))
    return unknown(`${nameOf(declared)} is a list in sudo, and Holdfast does not evaluate lists`);
  const everybody = own.findLast(({ isScoped }) => !isScoped);
  const expected = expectedOf(declared, conceal);
  const global = isRight(declared, everybody);
  if (typeof global === 'object')
    return unknown(`sudo has a value for ${nameOf(declared)} that cannot be compared: ${global.unclear}`);
  const some = own.filter((one) => one.isScoped && isRight(declared, one) !== true);
  return known([
    global ? undefined : differs('value', expected, shownOf(everybody, conceal)),
    some[0] && differs('value', expected, `${shownOf(some[0], conceal)} for some accounts, hosts or commands`),
  ]);
}

function isRight(declared: SettingCheck, found: SudoDefault | undefined): ReturnType<typeof holds> {
  const { key, value, state } = declared;
  const isOff = found?.value === false;
  if (key.startsWith('!')) return isOff !== (state === 'Absent');
  if (state === 'Absent') return found === undefined || isOff;
  if (found === undefined || isOff) return false;
  return value === undefined ? true : holds(format, declared, String(found.value));
}

function comparePasswords(
  { value = '', state }: SettingCheck,
  { withoutPassword }: SudoSaid,
  conceal: Conceal,
): Comparison {
  const wanted = state === 'Absent' ? [] : wordsOf(value);
  const more = withoutPassword.filter((one) => !wanted.includes(one));
  const less = wanted.filter((one) => !withoutPassword.includes(one));
  const expected = wanted.length ? wanted.join(' ') : 'no one';
  // Who that is stands where only root can read it.
  const others = more.length
    ? `${more.length} other${more.length > 1 ? 's' : ''} (${conceal(sha256(more.join(' ')))})`
    : '';
  return known([
    more.length ? differs('without a password', expected, others) : undefined,
    less.length ? differs('without a password', expected, `not ${visible(less.join(' '))}`) : undefined,
  ]);
}

function wordsOf(value: string): readonly string[] {
  return value.split(/[\s,]+/).filter(Boolean);
}

function nameOf({ key }: Pick<SettingCheck, 'key'>): string {
  return key.replace(/^!/, '');
}

function expectedOf({ key, value, compare, state, sensitive }: SettingCheck, conceal: Conceal): string {
  if (key.startsWith('!')) return state === 'Absent' ? 'not off' : 'off';
  if (state === 'Absent') return 'not set';
  if (value === undefined) return 'on';
  const shown = sensitive ? conceal(sha256(value)) : visible(value);
  return compare === 'AtMost' ? `at most ${shown}` : compare === 'AtLeast' ? `at least ${shown}` : shown;
}

function shownOf(found: SudoDefault | undefined, conceal: Conceal): string {
  if (found === undefined) return 'not set';
  return typeof found.value === 'boolean' ? (found.value ? 'on' : 'off') : conceal(sha256(String(found.value)));
}

/** A last line of the main file, which is after all that it includes, in place of such lines of its own there. */
export function remedySudo(declared: SettingCheck, { files }: Told, said: SudoSaid): Remedy {
  const { key, state, value } = declared;
  const [main] = files;
  if (key === noPassword)
    return manual(
      'Holdfast does not remove sudo rules: search for NOPASSWD and !authenticate with `grep -r` in /etc/sudoers and /etc/sudoers.d',
    );
  const some = said.defaults.some(
    (one) => one.name === nameOf(declared) && one.isScoped && isRight(declared, one) !== true,
  );
  if (some)
    return manual('a Defaults entry for some accounts, hosts or commands sets it differently: remove it with visudo');
  if (key.startsWith('!') && state === 'Absent')
    return manual('someone turned it off: remove that Defaults entry with visudo after checking who needs it');
  if (!main || main.seen.startsWith('l:'))
    return manual('/etc/sudoers is a symbolic link, and Holdfast does not write through links');
  const text = lineOf(declared, said);
  if (text === undefined)
    return manual(
      `this value cannot be written as one plain line of sudoers: write it with visudo${value === undefined ? '' : ', in quotes'}`,
    );
  const own = new RegExp(`^\\s*Defaults\\s+!?${nameOf(declared)}\\s*(=\\s*("[^"]*"|[^",\\s\\\\]+))?\\s*$`);
  const drops = main.lines
    .filter((line) => !line.isJoined && own.test(line.text))
    .map(({ number }): LineEdit => ({ line: number, drop: true }));
  const put = main.endsJoined ? ['', text] : [text];
  return changes({ do: 'file', path: main.path, seen: main.seen, edits: [...drops, { line: -1, put }] });
}

function lineOf({ key, value, state }: SettingCheck, { defaults }: SudoSaid): string | undefined {
  if (state === 'Absent')
    return defaults.some((one) => one.name === key && one.value === true) ? `Defaults !${key}` : undefined;
  if (value === undefined) return `Defaults ${key}`;
  if (/^[\w./:@%+-]+$/.test(value)) return `Defaults ${key}=${value}`;
  return /["\\]/.test(value) ? undefined : `Defaults ${key}="${value}"`;
}

export function claimsOfSudo(declared: SettingCheck): Readonly<Record<string, Claim>> {
  const { key, value, state } = declared;
  const name = `setting ${nameOf(declared)} of /etc/sudoers`;
  if (key === noPassword) return { [name]: exactly(state === 'Absent' ? [] : wordsOf(value ?? '')) };
  const isOff = key.startsWith('!');
  if (isOff !== (state === 'Absent')) return { [name]: isOff ? 'off' : { is: 'words', only: ['off'] } };
  return { [name]: value === undefined ? { is: 'words', without: ['off'] } : claimFor(format, declared) };
}

/** What a line `Defaults …` decides for everybody. */
export function claimsOfLine(line: string): Readonly<Record<string, Claim>> {
  const plainOnes = (defaultsIn(line) ?? []).filter(({ isScoped, operation }) => !isScoped && operation === 'assign');
  const all = plainOnes.map(({ name, value }) => {
    const key = value === false ? `!${name}` : name;
    return claimsOfSudo({ path: '/etc/sudoers', key, ...(typeof value === 'string' && { value }) });
  });
  return Object.assign({}, ...all) as Record<string, Claim>;
}

/** The settings of a line `Defaults …`; nothing when it is none, or more than plain settings. */
export function defaultsIn(
  line: string,
): readonly (Omit<SudoDefault, 'value'> & { readonly value: boolean | string })[] | undefined {
  const [, scope = '', rest = ''] = /^\s*Defaults([@:!>]\S+)?\s+(.*?)\s*$/.exec(line) ?? [];
  const items = rest.match(/(?:"[^"]*"|[^",\\])+/g) ?? [];
  if (!rest || items.join(',') !== rest) return undefined;
  const all = items.map((item) => /^\s*(!*)\s*([a-z][a-z0-9_]*)\s*(?:([+-]?)=\s*("?)(.*?)\4)?\s*$/.exec(item));
  if (all.some((one) => one === null)) return undefined;
  return all.map((found) => {
    const [, not = '', name = '', sign, , value] = found ?? [];
    const operation = sign === '+' ? 'add' : sign === '-' ? 'remove' : 'assign';
    return { name, value: value ?? not.length % 2 === 0, operation, isScoped: scope !== '' };
  });
}

/** Whether a line `Defaults …` that is there counts. */
export function effectOfDefaults({ line }: LineCheck, said: SudoSaid): Effect | undefined {
  const own = defaultsIn(line);
  const elsewhere = 'declare it with a check of type `setting` for /etc/sudoers, which asks sudo';
  if (!own) return { is: 'unknown', message: `it is unknown whether this line takes effect in sudo: ${elsewhere}` };
  for (const { name, value, operation, isScoped } of own) {
    const all = said.defaults.filter((one) => one.name === name);
    if (!all.some((one) => one.isScoped === isScoped))
      return { is: 'other', value: wordOf(value), found: 'not set', place: '', isPublic: true };
    const isSame = (one: SudoDefault) =>
      one.operation === operation &&
      canonical(format, name, plain(one.value)) === canonical(format, name, plain(value));
    if (isScoped || operation !== 'assign' || all.some((one) => one.operation !== 'assign')) {
      // What is added stays where nothing is taken away or set anew after it.
      const after = all.slice(all.findIndex(isSame) + 1);
      const stays = operation !== 'assign' && after.every((one) => one.operation === operation && !one.isScoped);
      if (all.every(isSame) || (all.some(isSame) && !isScoped && stays)) continue;
      return { is: 'unknown', message: `${name} is set elsewhere too, and Holdfast does not evaluate the combination` };
    }
    const other = [all.findLast((one) => !one.isScoped), ...all.filter((one) => one.isScoped)].find(
      (one) => !one || !isSame(one),
    );
    if (!other && all.length) continue;
    const place = other?.isScoped ? ' for some accounts, hosts or commands' : '';
    return {
      is: 'other',
      value: wordOf(value),
      found: other ? wordOf(other.value) : 'not set',
      place,
      isPublic: typeof (other?.value ?? true) === 'boolean',
    };
  }
  return undefined;
}

function plain(value: SudoDefault['value']): string {
  return typeof value === 'object' ? value.join(' ') : String(value);
}

function wordOf(value: SudoDefault['value']): string {
  return typeof value === 'boolean' ? (value ? 'on' : 'off') : plain(value);
}
