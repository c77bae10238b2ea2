/** What told lines set, as the reader of their format reads them. Pure. */
import type { Format } from './settingFormats.ts';
import type { ToldFile, ToldLine } from './toldLines.ts';

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

/** Where services are told to use the modules: those of RHEL that others include, and of those that do not. */
export const stacks = ['system-auth', 'password-auth', 'sshd', 'login', 'sudo', 'su'].map(
  (name) => `/etc/pam.d/${name}`,
);

export interface Named {
  readonly key: string;
  readonly section?: string;
}

/** The files in the order in which their reader takes them: what comes later counts for more. */
export function inOrder(format: Format, [main, ...dropIns]: readonly ToldFile[]): readonly ToldFile[] {
  const byName = new Map<string, ToldFile>();
  for (const file of dropIns.filter((one) => !isStack(one))) {
    const name = nameOf(file.path);
    if (!byName.has(name)) byName.set(name, file);
  }
  const sorted = [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, file]) => file);
  const all = main && format.mainWins ? [...sorted, main] : main ? [main, ...sorted] : sorted;
  return all.filter(({ isMask, seen }) => !isMask && seen !== 'absent');
}

/** Arguments by which stacks of PAM give the module the key. Throws what is not understood. */
export function argumentsOf(format: Format, { key }: Named, files: readonly ToldFile[]): readonly Occurrence[] {
  const { module } = format;
  if (!module) return [];
  return files.flatMap((file) =>
    isStack(file) ? file.lines.flatMap((line): Occurrence[] => argumentsIn(format, key, file, line)) : [],
  );
}

function isStack({ path }: ToldFile): boolean {
  return path.startsWith('/etc/pam.d/');
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
  return words.flatMap((word) => {
    const [name = '', ...rest] = word.split('=');
    if (isKey(format, key, name) !== true) return [];
    return [{ file, line, more: [], value: rest.join('='), isShared: true, isArgument: true as const }];
  });
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** All places that set the key, the one that counts last. Throws what the reader, or Holdfast, does not understand. */
export function occurrencesOf(format: Format, named: Named, files: readonly ToldFile[]): readonly Occurrence[] {
  return files.flatMap((file) => {
    if (file.odd)
      throw new Error(`${format.reader} does not understand line ${file.odd} of ${file.path}; fix it first`);
    return inFile(format, named, file);
  });
}

function inFile(format: Format, named: Named, file: ToldFile): Occurrence[] {
  const all: Occurrence[] = [];
  const headers = sectionsOf(format, file);
  if (format.form && format.header && file.first && file.first !== headers[0]?.number)
    throw new Error(
      `line ${file.first} of ${file.path} is outside of any section, and ${format.reader} stops reading there; fix it first`,
    );
  file.lines.forEach((line, index) => {
    if (format.goesOn === 'backslash' && line.isJoined) return;
    const read = readLine(format, line.text);
    if (!read || headers.some(({ number }) => number === line.number)) return;
    if (format.includes?.test(read.key))
      throw new Error(`line ${line.number} of ${file.path} includes other files, which Holdfast does not read`);
    const isSame = isKey(format, named.key, read.key);
    if (!isSame) return;
    const section = headers.findLast(({ number }) => number < line.number)?.name;
    if (format.header && section !== named.section) return;
    if (format.isStrict && format.goesOn === 'indented' && /^[ \t]/.test(line.text))
      throw new Error(
        `line ${line.number} of ${file.path} is indented, which some readers treat as a continuation of the line above`,
      );
    const more = format.goesOn === 'indented' ? moreOf(file.lines.slice(index + 1)) : [];
    const value = [valueOf(format, file, line, read.value), ...more.map(({ text }) => text.trim())].join('\n');
    all.push({ file, line, more, value, isShared: isSame === 'shared' });
  });
  return all;
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

function endsInBackslash(text: string): boolean {
  return (/\\*$/.exec(text.trimEnd())?.[0].length ?? 0) % 2 === 1;
}

/** What is between quotes, where that is the same for a shell and for systemd; `undefined` where it is not. */
function unquoted(value: string): string | undefined {
  const quoted =
    /^"([^"$`\\]*)"$/.exec(value) ?? /^'([^'\\]*)'$/.exec(value) ?? /^([A-Za-z0-9_.,:/@%+=^-]*)$/.exec(value);
  return quoted?.[1];
}
