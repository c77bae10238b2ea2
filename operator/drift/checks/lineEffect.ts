/** Whether a line that is there counts for the reader of its file, as far as Holdfast knows how that reads. Pure. */
import type { LineCheck } from '../../api/v1alpha1/fileChecks.ts';
import type { SettingFormat } from '../../api/v1alpha1/settingCheck.ts';
import { askedOfOthers, effectOfOthers } from './lineOthers.ts';
import { readerOf } from './lineReaders.ts';
import { formatOf, formats, type Format } from './settingFormats.ts';
import { foldersAfter } from './settingFolders.ts';
import { otherTypeFor, sectionOf } from './settingPaths.ts';
import { askedOf, inOrder, occurrencesOf, readLine } from './settingReading.ts';
import { whyNotBooted } from './settingReaders.ts';
import { argumentsOf, whyUnused } from './settingStacks.ts';
import { holds } from './settingValues.ts';
import type { Effect } from './effect.ts';
import { effectOfDefaults, saidBySudo } from './sudoSetting.ts';
import type { AskedBesides, Told, ToldFile, ToldLine } from './toldLines.ts';

/** A declared line, read as a setting of a file whose format is known. */
export interface AsSetting {
  readonly path: string;
  readonly format: SettingFormat;
  readonly section?: string;
  readonly key: string;
  readonly value: string;
}

export function asSetting({ path, line }: LineCheck): AsSetting | undefined {
  const main = mainOf(path);
  const name = formatOf(main);
  if (!name) return undefined;
  const format = formats[name];
  const read = readLine(format, line);
  const section = format.header ? sectionOf(main) : undefined;
  if (!read || (format.header && section === undefined)) return undefined;
  const value = format.isQuoted ? read.value.replace(/^(["'])(.*)\1$/, '$2') : read.value;
  const key = read.key.replace(/\s+/g, ' ');
  return { path: main, format: name, key, value, ...(section !== undefined && { section }) };
}

/** The main file with which a file of a drop-in folder is read. */
function mainOf(path: string): string {
  const folder = path.slice(0, path.lastIndexOf('/'));
  const base = folder.replace(/^\/(run|usr\/local\/lib|usr\/lib)\//, '/etc/').replace(/\.d$/, '');
  const isMain = (one: string): boolean => {
    const name = formatOf(one);
    return name !== undefined && Boolean(formats[name].folders?.(one).includes(folder));
  };
  return (folder.endsWith('.d') && [base, `${base}.conf`].find(isMain)) || path;
}

/** What the host must tell besides the line itself. */
export function askedBesides(declared: LineCheck): AskedBesides {
  if (declared.state === 'Absent')
    return { words: readerOf(declared)?.whyNotEdited ? (askedOfOthers(declared)?.words ?? []) : [] };
  const as = asSetting(declared);
  if (!as) return askedOfOthers(declared) ?? { words: [] };
  const asked = askedOf(formats[as.format], as);
  if (as.path === declared.path) return asked;
  return { ...asked, also: { ...asked.also, paths: [as.path, ...(asked.also?.paths ?? [])] } };
}

function isSshd({ path }: LineCheck): boolean {
  return otherTypeFor(path) === 'sshd';
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
  if (isSetting && file.lines.filter(({ text }) => /^\s*\[\[/.test(text)).length > 1)
    return `${path} has several tables of one name, and the line counts for only one of them: declare all of the file with a check of type \`file\``;
  const headers = file.lines.filter(({ text }) => /^\s*\[[^\]]+\]\]?\s*([#;].*)?$/.test(text));
  const [first] = headers;
  if (!isSetting || !first || asSetting(declared)) return undefined;
  if (new Set(headers.map(({ text }) => text.replace(/\].*/, '').trim())).size > 1)
    return `${path} has several sections: declare this with a check of type \`setting\` and its \`section\``;
  const above = lines?.find(({ number }) => number < first.number);
  return (
    above &&
    `line ${above.number} of ${path} is above its section: declare this with a check of type \`setting\` and its \`section\``
  );
}

/** Why a file cannot be made of the line alone: its readers refuse what stands outside of any section, or pass over it. */
export function whyHeadless(declared: LineCheck): string | undefined {
  const as = asSetting(declared);
  const hasSections = as ? formats[as.format].header !== undefined : foldersAfter(declared.path).length > 0;
  if (!hasSections || !/^\s*[^\s=[#;]+\s*=/.test(declared.line)) return undefined;
  return `${declared.path} is missing, and in it the line has to be below the header of its section: declare all of the file with a check of type \`file\``;
}

/** What counts instead of the line that is there; nothing when the line counts, or Holdfast does not know how the file is read. */
export function effectOf(declared: LineCheck, told: Told): Effect | undefined {
  const said = saidBySudo(told);
  if (said) return 'unknown' in said ? { is: 'unknown', message: said.unknown } : effectOfDefaults(declared, said);
  const as = asSetting(declared);
  if (!as) return effectOfOthers(declared, told);
  const format = formats[as.format];
  if (format.addsUp?.test(as.key)) return undefined;
  try {
    const own = occurrencesOf(format, as, inOrder(format, filesOf(format, as, told)));
    const last = own.at(-1);
    if (!last) return { is: 'other', value: as.value, found: 'not set', place: '', isPublic: true };
    const all = [last, ...argumentsOf(format, as, told.files)];
    const counts = all.findLast(
      ({ value }) => holds(format, { path: as.path, key: as.key, value: as.value }, value) !== true,
    );
    const unused = counts ? undefined : (whyUnused(format, told.files) ?? whyNotBooted(last.value, told.files));
    if (unused !== undefined) return { is: 'unknown', message: unused };
    if (!counts) return undefined;
    const place = ` (line ${counts.line.number} of ${counts.file.path})`;
    return { is: 'other', value: as.value, found: counts.value, place, isPublic: counts.file.isPublic };
  } catch (error) {
    return { is: 'unknown', message: error instanceof Error ? error.message : String(error) };
  }
}

/** The main file, and those of its folders. */
function filesOf(format: Format, { path }: AsSetting, { files }: Told): readonly ToldFile[] {
  const folders = format.folders?.(path) ?? [];
  const vendors = format.vendors?.(path) ?? [];
  const main = files.filter((file) => file.path === path);
  return [
    ...main,
    ...files
      .slice(1)
      .filter(
        (file) => vendors.includes(file.path) || folders.includes(file.path.slice(0, file.path.lastIndexOf('/'))),
      ),
  ];
}
