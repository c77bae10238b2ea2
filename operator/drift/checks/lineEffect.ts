/** Whether a line that is there counts for the reader of its file, as far as Holdfast knows how that reads. Pure. */
import type { LineCheck } from '../../api/v1alpha1/fileChecks.ts';
import type { SettingFormat } from '../../api/v1alpha1/settingCheck.ts';
import { formatOf, formats, otherTypeFor, sectionOf } from './settingFormats.ts';
import { inOrder, occurrencesOf, readLine } from './settingReading.ts';
import { holds } from './settingValues.ts';
import type { Effect } from './effect.ts';
import { effectOfDefaults, saidBySudo } from './sudoSetting.ts';
import type { LinesAsked, Told, ToldFile, ToldLine } from './toldLines.ts';

/** A declared line, read as a setting of a file whose format is known. */
export interface AsSetting {
  readonly path: string;
  readonly format: SettingFormat;
  readonly section?: string;
  readonly key: string;
  readonly value: string;
}

export function asSetting({ path, line }: LineCheck): AsSetting | undefined {
  const name = formatOf(path);
  if (!name) return undefined;
  const format = formats[name];
  const read = readLine(format, line);
  const section = format.header ? sectionOf(path) : undefined;
  if (!read || (format.header && section === undefined)) return undefined;
  const value = format.isQuoted ? read.value.replace(/^(["'])(.*)\1$/, '$2') : read.value;
  return { path, format: name, key: read.key.replace(/\s+/g, ' '), value, ...(section !== undefined && { section }) };
}

/** What the host must tell besides the line itself. */
export function wordsAskedFor(declared: LineCheck): { words: [string?, string?]; folders: LinesAsked['folders'] } {
  if (declared.state === 'Absent') return { words: [], folders: [] };
  if (isSshd(declared)) return { words: [keywordOf(declared.line), 'match'], folders: [] };
  const as = asSetting(declared);
  if (!as) return { words: [], folders: [] };
  return { words: [as.key.split(' ')[0]], folders: formats[as.format].folders?.(declared.path) ?? [] };
}

function isSshd({ path }: LineCheck): boolean {
  return otherTypeFor(path) === 'sshd';
}

function keywordOf(line: string): string {
  return /^[^\s=]*/.exec(line.trim())?.[0] ?? '';
}

/**
 * Why it cannot be told whether lines are where they should be, or where to put one: in a file with several sections, or in the middle of
 * what another line begins.
 */
export function unclearPlace(declared: LineCheck, file: ToldFile, lines?: readonly ToldLine[]): string | undefined {
  const { path, line } = declared;
  const joined = lines?.find(({ isJoined }) => isJoined);
  if (joined) return `line ${joined.number} of ${path} continues the line before it, which ends in a backslash`;
  const block = isSshd(declared) ? file.lines.find(({ text }) => /^\s*match\s/i.test(text)) : undefined;
  if (block && (!lines || lines.some(({ number }) => number > block.number)))
    return `${path} has \`Match\` blocks: declare this with a check of type \`sshd\`, which knows what is in effect`;
  const isSetting = /^\s*[^\s=[#;]+\s*=/.test(line);
  const headers = file.lines.filter(({ text }) => /^\s*\[[^\]]+\]\s*$/.test(text));
  const [first] = headers;
  if (!isSetting || !first || asSetting(declared)) return undefined;
  if (new Set(headers.map(({ text }) => text.trim())).size > 1)
    return `${path} has several sections: declare this with a check of type \`setting\` and its \`section\``;
  const above = lines?.find(({ number }) => number < first.number);
  return (
    above &&
    `line ${above.number} of ${path} is above its section: declare this with a check of type \`setting\` and its \`section\``
  );
}

/** What counts instead of the line that is there; nothing when the line counts, or Holdfast does not know how the file is read. */
export function effectOf(declared: LineCheck, told: Told): Effect | undefined {
  const [main] = told.files;
  if (main && isSshd(declared)) return firstKeyword(declared, main);
  const said = saidBySudo(told);
  if (said) return 'unknown' in said ? { is: 'unknown', message: said.unknown } : effectOfDefaults(declared, said);
  const as = asSetting(declared);
  if (!as) return undefined;
  const format = formats[as.format];
  if (format.addsUp?.test(as.key)) return undefined;
  try {
    const last = occurrencesOf(format, as, inOrder(format, told.files)).at(-1);
    if (!last) return { is: 'other', value: as.value, found: 'not set', place: '', isPublic: true };
    if (holds(format, { path: as.path, key: as.key, value: as.value }, last.value) === true) return undefined;
    const place = ` (line ${last.line.number} of ${last.file.path})`;
    return { is: 'other', value: as.value, found: last.value, place, isPublic: last.file.isPublic };
  } catch (error) {
    return { is: 'unknown', message: error instanceof Error ? error.message : String(error) };
  }
}

/** Of sshd the first line counts, whatever its case. */
function firstKeyword({ line }: LineCheck, file: ToldFile): Effect | undefined {
  const keyword = keywordOf(line).toLowerCase();
  const first = file.lines.find(({ text }) => keywordOf(text).toLowerCase() === keyword);
  if (!first || first.text.trim() === line.trim()) return undefined;
  return {
    is: 'other',
    value: line,
    found: first.text,
    place: ` (line ${first.number} of ${file.path})`,
    isPublic: file.isPublic,
  };
}
