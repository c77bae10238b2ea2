/**
 * Lines of configuration files that a check may depend on: those that begin with one of its words, commented out or not, or are a given
 * line; headers of sections; and what goes on below such a line. The host only finds them and tells their numbers: what they mean is
 * decided here. A file comes with those of the drop-in folders that its reader reads too. Pure.
 */
import type { Seen } from './change.ts';

export interface ToldFile {
  readonly path: string;
  /** `absent`, `f:…`, or `l:…` for a symbolic link, which is read through. */
  readonly seen: Seen;
  /** Whether everybody may read it. */
  readonly isPublic: boolean;
  /** It is a link to /dev/null, by which a folder of less weight is told to have no such file. */
  readonly isMask: boolean;
  /** What programs read is made of it, and is missing or older. */
  readonly isNewer?: boolean;
  readonly lines: readonly ToldLine[];
  /** How many lines it has. */
  readonly total: number;
  /** The first line that does not have the form that was asked for; 0 when all have. */
  readonly odd: number;
  /** The first line that is neither blank nor a comment; 0 when there is none. */
  readonly first: number;
  /** Its last line ends in a backslash. */
  readonly endsJoined: boolean;
  /** Its last line does not end in a newline. */
  readonly endsOpen?: boolean;
  /** It begins with a byte order mark. */
  readonly isMarked?: boolean;
  /** What stands between key and value in it, as its first line with an equals sign has it, or else its first one with a blank. */
  readonly separator?: string;
}

export interface Told {
  /** The file that was asked for, and those of its folders. */
  readonly files: readonly ToldFile[];
  /** The folders that are there. */
  readonly folders: readonly string[];
  /** What cvtsudoers says of sudo, where it was asked, or why that is not known. */
  readonly sudo?: { readonly json: string } | { readonly unknown: string };
}

export interface ToldLine {
  readonly number: number;
  readonly text: string;
  /** The line before it ends in a backslash. */
  readonly isJoined: boolean;
  /** It is indented, and stands below a line that was told: some readers take it for more of that one. */
  readonly isMore: boolean;
}

export interface LinesAsked {
  readonly path: string;
  /** Folders whose `*.conf` are read too; of /etc/profile.d its `*.sh`, of /etc/audit/rules.d its `*.rules`, of /etc/cloud/cloud.cfg.d its `*.cfg`. */
  readonly folders: readonly string[];
  /** Other files. */
  readonly also?: { readonly paths: readonly string[] };
  /** What else a line may have anywhere to be told, as an extended regular expression of awk without braces. */
  readonly text?: string;
  /** Beginnings of lines, without their indentation and without blanks in them. */
  readonly words: readonly string[];
  /** A whole line. */
  readonly line?: string;
  /** What a line has to look like, as an extended regular expression of awk without braces. */
  readonly form?: string;
  /** An indented line has to be right below one that sets something, or that is indented itself. */
  readonly below?: boolean;
  /** Whether sudo is asked what it makes of its files. */
  readonly sudo?: boolean;
}

/** Of a line, besides itself and its path. */
export type AskedBesides = Partial<LinesAsked> & Pick<LinesAsked, 'words'>;

export function linesRequest({
  path,
  folders,
  words,
  line,
  form,
  below,
  also,
  text,
  sudo,
}: LinesAsked): readonly string[] {
  const all = words.map(lowered).filter((word) => word !== '');
  const starts = all.filter((word) => !all.some((other) => other !== word && word.startsWith(other)));
  const looks = [line ?? '', form ?? '', below ? 'below' : ''];
  const others = [text ?? '', also?.paths.join(':') ?? ''];
  return [[...new Set(starts)].join(' '), ...looks, ...others, folders.join(':'), sudo ? 'sudo' : '', path];
}

/** As awk lowers letters in the C locale. */
function lowered(word: string): string {
  return word.replace(/^[ \t#;]*(export[ \t]+)?/, '').replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Throws what kept the host from reading one of the files. */
export function parseLines(answer: string): Told {
  const lines = answer.split('\n');
  const [mark, count] = (lines.pop() ?? '').split('\x1f');
  if (mark !== 'Z' || count !== `${lines.length}`) throw new Error('the host did not report all lines of the file');
  const folders: string[] = [];
  let sudo: Told['sudo'];
  const files: { head: readonly string[]; lines: ToldLine[]; end?: readonly string[] }[] = [];
  for (const line of lines) {
    const [what, ...fields] = line.split('\x1f');
    const file = files.at(-1);
    if (what === 'X') throw new Error(fields.join(' '));
    else if (what === 'D') folders.push(fields[0] ?? '');
    else if (what === 'S')
      sudo = fields[0] === 'known' ? { json: fields.slice(1).join(' ') } : { unknown: fields.slice(1).join(' ') };
    else if (what === 'F') files.push({ head: fields, lines: [] });
    else if (what === 'L' && file) file.lines.push(toldLine(fields));
    else if (what === 'E' && file) file.end = fields;
    else throw new Error('the host reported lines that belong to no file');
  }
  if (!files.length) throw new Error('the host did not report any file');
  return { files: files.map(toldFile), folders, ...(sudo && { sudo }) };
}

function toldLine([number = '', flags = '', ...text]: readonly string[]): ToldLine {
  return {
    number: numberOf(number),
    text: text.join('\x1f'),
    isJoined: flags.includes('j'),
    isMore: flags.includes('m'),
  };
}

function toldFile(file: { head: readonly string[]; lines: ToldLine[]; end?: readonly string[] }): ToldFile {
  const [path = '', seen = '', access, age] = file.head;
  const isAbsent = seen === 'absent';
  const isMask = access === 'mask';
  if (!isAbsent && !isMask && !/^(f:[0-7]+:[0-9]+:[0-9]+:[0-9a-f]{64}|l:.*)$/.test(seen))
    throw new Error(`the host did not report mode, owner and digest of ${path}`);
  if (!isAbsent && !isMask && !file.end) throw new Error(`the host did not report all of ${path}`);
  const [total = '0', odd = '0', first = '0', endsJoined, isMarked, endsOpen, separator] = file.end ?? [];
  return {
    path,
    seen,
    isPublic: access === 'yes',
    isMask,
    ...(age === 'newer' && { isNewer: true }),
    lines: file.lines,
    total: numberOf(total),
    odd: numberOf(odd),
    first: numberOf(first),
    endsJoined: endsJoined === '1',
    ...(isMarked === '1' && { isMarked: true }),
    ...(endsOpen === '1' && { endsOpen: true }),
    ...(separator && { separator }),
  };
}

function numberOf(text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) throw new Error('the host reported a line without its number');
  return Number(text);
}

/** Whether the next line goes on with it. */
export function endsInBackslash(text: string): boolean {
  return (/\\*$/.exec(text.trimEnd())?.[0].length ?? 0) % 2 === 1;
}
