/**
 * Line: whether a text file has a line, and, with `startsWith`, no other that starts like it. It is taken literally. Where Holdfast knows
 * how the file is read, or that it has sections, a line that is there but does not count is no pass. The file is read through symbolic
 * links, as its readers do, and never written through them.
 */
import type { LineCheck } from '../../api/v1alpha1/fileChecks.ts';
import { sha256 } from '../../lib/digest.ts';
import { changes, manual, type Change, type LineEdit, type Remedy } from './change.ts';
import type { CheckType, Conceal, Difference } from './checkType.ts';
import { differs, known, unknown } from './comparison.ts';
import type { OtherEffect } from './effect.ts';
import { askedBesides, asSetting, effectOf, unclearPlace, whyHeadless } from './lineEffect.ts';
import { readerOf } from './lineReaders.ts';
import { formats } from './settingFormats.ts';
import { otherTypeFor, shellOf } from './settingPaths.ts';
import { claimNameOf } from './setting.ts';
import { claimFor } from './settingValues.ts';
import { isLeftOut, isOfAuthselect, whoTakesReturns, whyPassedOver, whyUncertain } from './passedOver.ts';
import { whyStale } from './refused.ts';
import { visible } from './shown.ts';
import { claimsOfLine } from './sudoSetting.ts';
import { isDefaults, sudoersAsked, whySkipped } from './sudoers.ts';
import type { LinesAsked, Told, ToldFile, ToldLine } from './toldLines.ts';
import { askingLines } from './toldLinesScript.ts';

export const line: CheckType<'line', Told> = {
  key: 'line',
  ...askingLines(askedFor),
  compare(declared, told, conceal) {
    const { line: text, state } = declared;
    const file = fileOf(told);
    const isWanted = state !== 'Absent';
    const shown = declared.sensitive ? conceal(sha256(text)) : visible(text);
    if (file.seen === 'absent') return known([isWanted ? differs('line', shown, 'no such file') : undefined]);
    const { own, others } = linesOf(declared, file);
    if (!isWanted) {
      const surplus = own.length ? differs('line', 'absent', inWords(declared, file, own, conceal)) : undefined;
      return known([surplus, otherDifference(declared, file, others, conceal)]);
    }
    if (!own.length) {
      const found = others.length ? inWords(declared, file, others, conceal) : 'absent';
      return known([differs('line', shown, found)]);
    }
    const unclear = unclearPlace(declared, file, [...own, ...others]);
    if (unclear) return unknown(unclear);
    const skipped = whyPassedOver(file) ?? whySkipped(file, told.files);
    if (skipped) return known([differs('file', 'one that is read', skipped)]);
    const returned = spoilt(file, own);
    if (returned)
      return known([
        differs(
          'line',
          shown,
          'the line with a trailing carriage return',
          `${whoTakesReturns(file.path) ?? ''} takes that for a part of its last word: convert the file with dos2unix, or let Holdfast replace the line`,
        ),
      ]);
    if (own.every((one) => isLeftOut(file, one)))
      return known([
        differs(
          'line',
          shown,
          'the line without a newline behind it',
          'cron does not run it: add a newline, or let Holdfast do so',
        ),
      ]);
    const other = otherDifference(declared, file, others, conceal);
    const uncertain = whyUncertain(file.path, text) ?? whyStale(file);
    if (uncertain && !other) return unknown(uncertain);
    const effect = other ? undefined : effectOf(declared, told);
    if (effect?.is === 'unknown') return unknown(effect.message);
    return known([other, effect && effectDifference(declared, effect, conceal)]);
  },
  remedy: remedyOf,
  claims(declared) {
    const { path, line: text, state, startsWith } = declared;
    const isWanted = state !== 'Absent';
    const as = isWanted ? asSetting(declared) : undefined;
    const format = as && formats[as.format];
    const present = isWanted ? { [`state of ${path}`]: 'Present' } : {};
    if (declared.sensitive) return { ...present, [`line ${sha256(text)} of ${path}`]: state ?? 'Present' };
    return {
      ...present,
      [`line ${text} of ${path}`]: state ?? 'Present',
      ...(isWanted && startsWith !== undefined && { [`lines of ${path} that start with ${startsWith}`]: text }),
      ...(isDefaults(declared) && claimsOfLine(text)),
      ...(as && format && !format.addsUp?.test(as.key) && { [claimNameOf(format, as)]: claimFor(format, as) }),
    };
  },
};

function askedFor(declared: LineCheck): LinesAsked {
  const { path, line: text, startsWith } = declared;
  const start = startsWith === undefined ? '' : (/[^\s=]+/.exec(startsWith)?.[0] ?? startsWith);
  const { words, ...asked } = askedBesides(declared);
  const besides = declared.state === 'Absent' ? {} : sudoersAsked(path);
  return {
    folders: [],
    ...asked,
    path,
    words: [start, ...words],
    line: text,
    sudo: isDefaults(declared),
    ...besides,
  };
}

function otherDifference(
  declared: LineCheck,
  file: ToldFile,
  others: readonly ToldLine[],
  conceal: Conceal,
): Difference | undefined {
  const { startsWith, sensitive } = declared;
  if (startsWith === undefined || !others.length) return undefined;
  const start = sensitive ? conceal(sha256(startsWith)) : visible(startsWith);
  return differs('line', `no other line that starts with ${start}`, inWords(declared, file, others, conceal));
}

function effectDifference({ sensitive }: LineCheck, effect: OtherEffect, conceal: Conceal): Difference | undefined {
  const { value, found, place, isPublic } = effect;
  const hide = (text: string): string => conceal(sha256(text));
  const shown = isPublic && !sensitive ? visible(found) : hide(found);
  return differs('in effect', sensitive ? hide(value) : visible(value), `${shown}${place}`);
}

function fileOf({ files }: Told): ToldFile {
  const [file] = files;
  if (!file) throw new Error('the host reported no file');
  return file;
}

/** Lines that are the declared one, and others that start as none may. A line that ends as those of DOS is the same. */
function linesOf({ line: text, startsWith }: LineCheck, { lines }: ToldFile): { own: ToldLine[]; others: ToldLine[] } {
  const own = lines.filter((one) => one.text.replace(/\r$/, '') === text);
  const others = lines.filter(
    (one) => !own.includes(one) && startsWith !== undefined && startsLike(one.text, startsWith),
  );
  return { own, others };
}

/** Indentation, the number of blanks, and blanks around `=` do not matter; a word that is longer than the last one is another. */
export function startsLike(text: string, start: string): boolean {
  const [whole, head] = [spaced(text), spaced(start)];
  if (!whole.startsWith(head)) return false;
  return !/[\w./@+%~-]$/.test(head) || !/^[\w./@+%~-]/.test(whole.slice(head.length));
}

function spaced(text: string): string {
  return text
    .trimStart()
    .replace(/[ \t]+/g, ' ')
    .replace(/ ?= ?/g, '=');
}

function inWords(
  { sensitive }: LineCheck,
  { isPublic }: ToldFile,
  lines: readonly ToldLine[],
  conceal: Conceal,
): string {
  if (sensitive || !isPublic) {
    const digest = conceal(sha256(lines.map(({ text }) => text).join('\n')));
    return lines.length > 1 ? `${lines.length} lines: ${digest}` : digest;
  }
  const first = lines
    .slice(0, 3)
    .map(({ text }) => visible(text.replace(/\r$/, '')))
    .join(' | ');
  return lines.length > 3 ? `${first} and ${lines.length - 3} more` : first;
}

/** The line that stands there, where each ends in a carriage return that its reader takes for text. */
function spoilt(file: ToldFile, own: readonly ToldLine[]): ToldLine | undefined {
  return own.length && whoTakesReturns(file.path) && own.every(({ text }) => text.endsWith('\r')) ? own[0] : undefined;
}

function remedyOf(declared: LineCheck, told: Told): Remedy {
  const { path, line: text, state, sensitive } = declared;
  const file = fileOf(told);
  if (file.seen === 'absent') {
    const headless = whyHeadless(declared);
    if (headless !== undefined) return manual(headless);
    const content = `${text}\n`;
    return changes({ do: 'file', path, seen: 'absent', content, ...(sensitive && { newMode: '600' }) });
  }
  if (isOfAuthselect(path, file.seen.startsWith('l:')))
    return manual(
      `authselect writes ${path}, and refuses to once something else has changed it: enable a feature with \`authselect enable-feature\`, or change a profile below /etc/authselect/custom and run \`authselect apply-changes\``,
    );
  if (file.seen.startsWith('l:'))
    return manual(
      `${path} is a symbolic link, and Holdfast does not write through links: declare the file that it points to`,
    );
  const { own, others } = linesOf(declared, file);
  const shell = shellOf(path);
  const reader = readerOf(declared);
  const edit = (edits: readonly LineEdit[]): Remedy => {
    const why = reader?.whyNotEdited?.(declared, told.files, edits);
    const validate = reader?.validate ?? acceptedByBash(file);
    const change: Change = { do: 'file', path, seen: file.seen, edits, ...(validate && { validate }) };
    return why === undefined ? changes(change) : manual(why);
  };
  // Without any line a branch of a shell is no branch.
  const without = ({ number }: ToldLine): LineEdit => ({ line: number, drop: true, ...(shell && { put: [text] }) });
  if (state === 'Absent') return edit([...own, ...others].map(({ number }) => ({ line: number, drop: true as const })));
  const skipped = whyPassedOver(file) ?? whySkipped(file, told.files);
  if (skipped) return manual(`${path} is ${skipped}: check what it contains before you fix that`);
  const unclear = unclearPlace(declared, file, others.length ? others : undefined);
  if (unclear) return manual(unclear);
  const drops = others.map(without);
  const returned = spoilt(file, own) ?? own.find((one) => isLeftOut(file, one));
  if (returned) return edit([{ line: returned.number, drop: true, put: [text] }, ...drops]);
  if (own.length)
    return drops.length
      ? edit(drops)
      : manual(
          adviceOn(declared, told) ??
            `another line or file takes precedence: declare this with a check of type \`${otherTypeFor(path) ?? 'setting'}\`${isDefaults(declared) ? ' for /etc/sudoers' : ''}, which edits the line that takes effect`,
        );
  const [first, ...rest] = others;
  // In the place of the first that contradicts it, or at the end.
  const unreached = reader?.whyNotThere?.(declared, told.files, first?.number ?? Infinity);
  if (unreached !== undefined) return manual(unreached);
  if (!first) return edit([{ line: -1, put: file.endsJoined ? ['', text] : [text] }]);
  const end = first.text.endsWith('\r') && !whoTakesReturns(path) ? '\r' : '';
  return edit([{ line: first.number, drop: true, put: [`${text}${end}`] }, ...rest.map(without)]);
}

/** Only where nobody but root can put another file in place of the new one; bash quotes what it does not understand. */
function acceptedByBash({ path, isPublic }: ToldFile): readonly string[] | undefined {
  if (shellOf(path) !== 'bash' || !path.startsWith('/etc/')) return undefined;
  return isPublic ? ['bash', '-n', '%s'] : ['sh', '-c', 'bash -n "$1" >/dev/null 2>&1', 'bash', '%s'];
}

function adviceOn(declared: LineCheck, told: Told): string | undefined {
  const effect = effectOf(declared, told);
  return effect?.is === 'other' ? effect.advice : undefined;
}
