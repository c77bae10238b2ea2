/** What told lines set, as the reader of their format reads them. Pure. */
import type { SettingCheck } from '../../api/v1alpha1/settingCheck.ts';
import type { Format } from './settingFormats.ts';
import { canonical, holds } from './settingValues.ts';
import { whyRefused, whyStale } from './refused.ts';
import { askedOfBoot, whyDisputed } from './settingReaders.ts';
import { addsUpInUnits, foldersAfter } from './settingFolders.ts';
import { blockOfSsh, isBeside, ofSsh, stacks } from './settingPaths.ts';
import { endsInBackslash, type LinesAsked, type ToldFile, type ToldLine } from './toldLines.ts';

/** One place that sets the key. */
export interface Occurrence {
  readonly file: ToldFile;
  readonly line: ToldLine;
  /** Lines below that are more of its value. */
  readonly more: readonly ToldLine[];
  readonly value: string;
  /** It sets other keys too, which it goes on to do. */
  readonly isShared: boolean;
  /** It is an argument of a module of PAM. */
  readonly isArgument?: true;
}

/** A setting, with the section that it is in. */
export type Named = Pick<SettingCheck, 'path' | 'key' | 'value' | 'compare' | 'state'> & { readonly section?: string };

/** What a host is asked to know what counts. */
export function askedOf(
  { form, onlyBelow, folders, perhaps, includes, larger, module, vendors }: Format,
  { path, key }: Named,
): LinesAsked {
  const [word = key] = key.split(' ');
  const related = larger?.includes(key.toLowerCase()) ? larger : [];
  const boot = askedOfBoot({ path, key });
  const also = [...(vendors?.(path) ?? []), ...(module ? stacks : []), ...boot];
  return {
    path,
    folders: (folders ?? perhaps)?.(path) ?? [],
    words: [word, ...related, ...(ofSsh.test(path) ? ['host', 'match'] : []), ...(includes ?? []).map(([one]) => one)],
    ...(form && { form }),
    ...(onlyBelow && { below: true }),
    ...(also.length && { also: { paths: also } }),
    ...(module ? { text: module } : boot.length && { text: '=' }),
  };
}

/** The files in the order in which their reader takes them: what comes later counts for more. */
export function inOrder(
  format: Pick<Format, 'mainWins' | 'vendors'>,
  [own, ...others]: readonly ToldFile[],
): readonly ToldFile[] {
  const vendors = (own && format.vendors?.(own.path)) ?? [];
  const isVendors = ({ path }: ToldFile): boolean => vendors.includes(path);
  const main = own?.seen === 'absent' ? others.find((one) => isVendors(one) && one.seen !== 'absent') : own;
  const dropIns = dropInsOf(others.filter((one) => !isVendors(one)));
  const mains = main && isThere(main) ? [main] : [];
  return format.mainWins ? [...dropIns, ...mains] : [...mains, ...dropIns];
}

/** Of files of folders, the first folder counting most, those that are read, by name. */
export function dropInsOf(files: readonly ToldFile[]): readonly ToldFile[] {
  const byName = new Map<string, ToldFile>();
  for (const file of files.filter((one) => !isBeside(one))) {
    const name = nameOf(file.path);
    if (!byName.has(name)) byName.set(name, file);
  }
  return [...byName]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, file]) => file)
    .filter(isThere);
}

function isThere({ isMask, seen }: ToldFile): boolean {
  return !isMask && seen !== 'absent';
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** All places that set the key, the one that counts last. Throws what the reader, or Holdfast, does not understand. */
export function occurrencesOf(format: Format, named: Named, files: readonly ToldFile[]): readonly Occurrence[] {
  const isOther = ({ path }: ToldFile): boolean => Boolean(format.perhaps) && path !== named.path;
  const mine = files.filter(
    (file, index) => !isOther(file) && files.findIndex(({ path }) => path === file.path) === index,
  );
  const own = mine.flatMap((file) => understood(format, named, file));
  // Of drop-ins those count that are read later, where that is known.
  const isLater = ({ path }: ToldFile): boolean => !isDropIn(named.path) || nameOf(path) > nameOf(named.path);
  const isAdded = foldersAfter(named.path).length > 0 && addsUpInUnits.test(named.key);
  const others = files
    .filter((file) => isOther(file) && isLater(file) && !isAdded)
    .flatMap((file) => inFile(format, named, file));
  assertAlike(format, named, own, others);
  return own;
}

function isDropIn(path: string): boolean {
  return /[./]d\/[^/]+$/.test(path) && foldersAfter(path).length > 0;
}

function understood(format: Format, named: Named, file: ToldFile): Occurrence[] {
  if (file.isMarked)
    throw new Error(
      `${file.path} begins with a byte order mark, which some programs read as part of its first line: save it without one`,
    );
  if (file.odd)
    throw new Error(
      format.oddly
        ? `line ${file.odd} of ${file.path} ${format.oddly}`
        : `${format.reader} does not understand line ${file.odd} of ${file.path}; fix it first`,
    );
  const refused = format.refuses?.(file.seen);
  if (refused !== undefined) throw new Error(`${file.path} ${refused}: fix that first`);
  const ignored = whyRefused(file);
  if (ignored !== undefined) throw new Error(`${file.path} is ${ignored}: fix that first`);
  const stale = named.state === 'Absent' ? undefined : whyStale(file);
  if (stale !== undefined) throw new Error(stale);
  return inFile(format, named, file);
}

/** Throws where it matters whether the program reads the files beside its own, which is not known of every program. */
function assertAlike(format: Format, named: Named, own: readonly Occurrence[], others: readonly Occurrence[]): void {
  const [first] = others;
  if (!first) return;
  const place = `line ${first.line.number} of ${first.file.path} sets it`;
  if (!own.length)
    throw new Error(
      `${place}, and ${named.path} does not: if the program reads both, declare the check with that path instead`,
    );
  const other = others.find(
    (one) =>
      named.state === 'Absent' ||
      own.some(({ value }) => canonical(format, named.key, value) !== canonical(format, named.key, one.value)),
  );
  if (other)
    throw new Error(
      `line ${other.line.number} of ${other.file.path} sets it too, and it is not known which of the two files the program uses: set it in only one of them`,
    );
}

/** Why other files that its reader reads may set it too; nothing where what is there counts whatever they set. */
function whyNotAll(format: Format, named: Named, file: ToldFile, all: readonly Occurrence[]): string | undefined {
  const words = format.includes?.filter(([, keys]) => keys.test(named.key)).map(([word]) => word);
  if (!words?.length) return undefined;
  const isThere = named.state !== 'Absent' && all.some(({ value }) => holds(format, named, value) === true);
  if (isThere && format.addsUp?.test(named.key)) return undefined;
  const line = file.lines.find(({ text }) => words.includes((/^\s*([^\s="'(<]+)/.exec(text)?.[1] ?? '').toLowerCase()));
  const section = format.isStrict && file.lines.find(({ text }) => /^\s*\[include(if)?\b/i.test(text));
  const found = line ?? (section || undefined);
  return found && `line ${found.number} of ${file.path} includes other files, which Holdfast does not read`;
}

function inFile(format: Format, named: Named, file: ToldFile): Occurrence[] {
  const all: Occurrence[] = [];
  const headers = sectionsOf(format, file);
  if (format.onlyBelow && file.first && file.first !== headers[0]?.number)
    throw new Error(
      `line ${file.first} of ${file.path} is outside of any section, and ${format.reader} stops reading there; fix it first`,
    );
  const header = format.isStrict && !format.header && file.lines.find(({ text }) => /^\s*\[[^\]]+\]\s*$/.test(text));
  if (header)
    throw new Error(`line ${header.number} of ${file.path} begins a section: set \`format: Ini\` and \`section\``);
  const block = ofSsh.test(file.path) && file.lines.find(({ text }) => blockOfSsh.test(text));
  let byDefault: ToldLine | undefined;
  file.lines.forEach((line, index) => {
    if (format.goesOn === 'backslash' && line.isJoined) return;
    const read = readLine(format, line.text);
    if (!read || headers.some(({ number }) => number === line.number)) return;
    const section = headers.findLast(({ number }) => number < line.number)?.name;
    if (format.isStrict) assertPlain(format, named, file, { line, key: read.key, section });
    const isSame = isKey(format, named.key, read.key);
    if (!isSame) return;
    if (format.isStrict && section === 'DEFAULT') byDefault ??= line;
    if (format.header && section !== named.section) return;
    const more = format.goesOn === 'indented' || format.isStrict ? moreOf(file.lines.slice(index + 1)) : [];
    if (block && block.number < line.number)
      throw new Error(
        `line ${line.number} of ${file.path} is below line ${block.number}, which begins a block for some hosts: put it above all blocks`,
      );
    if (format.isStrict && more[0])
      throw new Error(
        `line ${more[0].number} of ${file.path} is indented, which some readers treat as more of the value above it: write it so that all readers agree`,
      );
    const value = [valueOf(format, file, line, read.value), ...more.map(({ text }) => text.trim())].join('\n');
    const disputed = format.isStrict ? whyDisputed(format, named, value) : undefined;
    if (disputed !== undefined) throw new Error(`line ${line.number} of ${file.path} ${disputed}`);
    all.push({ file, line, more, value, isShared: isSame === 'shared' });
  });
  if (byDefault && !all.length)
    throw new Error(
      `line ${byDefault.number} of ${file.path} sets it in [DEFAULT], which some readers apply to every section: set it in [${named.section ?? ''}] as well`,
    );
  const notAll = whyNotAll(format, named, file, all);
  if (notAll !== undefined) throw new Error(notAll);
  return all;
}

interface StrictLine {
  readonly line: ToldLine;
  readonly key: string;
  readonly section: string | undefined;
}

/** Throws where readers differ on whether the line sets the key. */
function assertPlain(format: Format, named: Named, file: ToldFile, { line, key, section }: StrictLine): void {
  const bare = key.replace(/\s*:.*$/s, '');
  if (bare.toLowerCase() !== named.key.toLowerCase()) return;
  if (section?.toLowerCase() !== named.section?.toLowerCase() && section !== 'DEFAULT') return;
  const why = [
    [bare !== key, 'has a colon, which some readers treat as an equals sign'],
    [bare !== named.key, `sets ${bare}, which some readers treat as ${named.key}`],
    [
      format.header && section !== 'DEFAULT' && section !== named.section,
      'is in a section that differs in case, which some readers ignore',
    ],
    [line.isJoined, 'is below a line that ends in a backslash, which some readers treat as continued'],
    [endsInBackslash(line.text), 'ends in a backslash, which some readers treat as continued on the next line'],
    [/^[ \t]/.test(line.text), 'is indented, which some readers treat as a continuation of the line above'],
  ] as const;
  const found = why.find(([is]) => is);
  if (found) throw new Error(`line ${line.number} of ${file.path} ${found[1]}: write it so that all readers agree`);
}

export interface Header {
  readonly number: number;
  readonly name: string;
}

export function sectionsOf({ header, goesOn, reader }: Format, file: ToldFile): readonly Header[] {
  if (!header) return [];
  return file.lines.flatMap(({ number, text, isJoined }) => {
    if (!/^\s*\[/.test(text) || (goesOn === 'backslash' && isJoined)) return [];
    const name = header.exec(text)?.groups?.['section'];
    if (name === undefined)
      throw new Error(`${reader} does not understand line ${number} of ${file.path}; fix it first`);
    return [{ number, name }];
  });
}

/** Key and value of a line; nothing when it sets nothing. */
export function readLine(format: Format, text: string): { key: string; value: string } | undefined {
  const groups = format.line.exec(text)?.groups;
  return groups && { key: groups['key'] ?? '', value: groups['value'] ?? '' };
}

/** `shared`: the line sets other keys too. */
export function isKey(format: Format, wanted: string, found: string): boolean | 'shared' {
  if (format.reader === 'pam_limits') return isLimit(wanted, found);
  if (!format.caseless?.includes('keys')) return wanted === found;
  return wanted.toLowerCase() === found.toLowerCase();
}

function isLimit(wanted: string, found: string): boolean | 'shared' {
  const [domain, type, item] = wanted.split(/\s+/);
  const [ofDomain, ofType, ofItem] = found.split(/\s+/);
  if (domain !== ofDomain || item?.toLowerCase() !== ofItem?.toLowerCase()) return false;
  return ofType === '-' ? 'shared' : type?.toLowerCase() === ofType?.toLowerCase();
}

function moreOf(below: readonly ToldLine[]): ToldLine[] {
  const end = below.findIndex(({ text, isMore }) => !isMore && !/^[#;]/.test(text));
  return (end < 0 ? below : below.slice(0, end)).filter(({ isMore }) => isMore);
}

function valueOf(format: Format, file: ToldFile, line: ToldLine, value: string): string {
  if (format.goesOn === 'backslash' && endsInBackslash(line.text))
    throw new Error(
      `line ${line.number} of ${file.path} continues on the next line, which Holdfast does not join; write it on one line`,
    );
  if (!format.isQuoted) return value;
  const plain = unquoted(value);
  if (plain === undefined)
    throw new Error(`only a shell can evaluate line ${line.number} of ${file.path}; write it as KEY="value"`);
  return plain;
}

/** What is between quotes, where that is the same for a shell and for systemd; `undefined` where it is not. */
function unquoted(value: string): string | undefined {
  const quoted =
    /^"([^"$`\\]*)"$/.exec(value) ?? /^'([^'\\]*)'$/.exec(value) ?? /^([A-Za-z0-9_.,:/@%+=^-]*)$/.exec(value);
  return quoted?.[1];
}
