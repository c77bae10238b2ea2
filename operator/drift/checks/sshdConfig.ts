/** What a host answers of an option of sshd, and how its files are read: first in order, and apart for every Match. Pure. */
import { wordsOf } from './sshdWords.ts';

export type SshdObserved = { readonly is: 'absent' } | SshdFound;

export interface SshdFound {
  readonly is: 'present';
  /** Of how it starts next first, then of every daemon that runs. */
  readonly ways: readonly Way[];
  /** Lines with the option, with Match and with Include, by file. */
  readonly lines: readonly ConfigLine[];
  readonly includes: readonly { readonly file: string; readonly number: number; readonly path: string }[];
  /** Whether `sshd -T` had to be asked for a connection, so that a Match may have had a say. */
  readonly isSupposed: boolean;
  /** When each file changed last, or was put in its place; and each folder of includes. Decimal seconds. */
  readonly changed: readonly { readonly path: string; readonly time: string }[];
  /** When the host was asked, in decimal seconds by its own clock. */
  readonly asked?: string | undefined;
  readonly main: { readonly path: string; readonly seen: string };
  /** The account with which Holdfast logs in, and what decides whether it may. */
  readonly login: Login;
}

export interface Login {
  readonly name: string;
  readonly groups: readonly string[];
  /** Options by name, with the values of each of their lines. */
  readonly options: ReadonlyMap<string, readonly string[]>;
}

/** Arguments with which sshd starts or runs, and what is in effect with them. */
export interface Way {
  readonly is: 'next' | 'live';
  readonly pid: string;
  /** Empty when no unit started it. */
  readonly unit: string;
  /** Whether its program is no longer the one that is installed. */
  readonly isReplaced: boolean;
  readonly arguments: readonly string[];
  /** Of each line; `undefined` when sshd says nothing of the option. */
  readonly values?: readonly string[];
  readonly ports: readonly string[];
  readonly pidFile: string;
  /** When the daemon read its configuration last, as its PidFile tells; empty when that tells nothing. Decimal seconds. */
  readonly readTime: string;
}

export interface ConfigLine {
  readonly file: string;
  readonly number: number;
  /** In lower case. */
  readonly name: string;
  readonly text: string;
}

/** A line of the option, in the order in which sshd reads them. */
export interface Occurrence {
  readonly file: string;
  readonly number: number;
  readonly value: string;
  /** The Match it stands under, as `FILE:NUMBER (Match …)`; `undefined` where it holds for everybody. */
  readonly under?: string;
}

const deepest = 16;

export function parseSshd(answer: string): SshdObserved {
  if (answer === 'absent') return { is: 'absent' };
  return sshdOf(recordsOf(answer));
}

/** Records by their tag, each with it. */
export type Records = ReadonlyMap<string, readonly (readonly string[])[]>;

/** Throws when the answer is not whole. */
export function recordsOf(answer: string): Records {
  const records = new Map<string, string[][]>();
  let last = '';
  for (const line of answer.split('\n')) {
    const record = line.split('\x1f');
    last = record[0] ?? '';
    const same = records.get(last);
    if (same) same.push(record);
    else records.set(last, [record]);
  }
  if (last !== 'E') throw new Error('the host reported only part of the configuration of sshd');
  return records;
}

/** Throws when what they tell makes no sense. */
export function sshdOf(records: Records): SshdFound {
  const of = (tag: string, count: number) =>
    (records.get(tag) ?? []).map((record) => {
      if (record.length < count + 1)
        throw new Error('the host reported the configuration of sshd in an unexpected form');
      return [...record.slice(1, count), record.slice(count).join('\x1f')];
    });
  const texts = of('V', 3);
  const ways = of('W', 8).map(
    ([is = '', pid = '', unit = '', replaced, words = '', pidFile = '', readTime = '', ports = ''], at): Way => {
      const values = texts.filter(([way]) => way === `${at}`).map(([, , value = '']) => value);
      return {
        is: is === 'next' ? 'next' : 'live',
        pid,
        unit,
        isReplaced: replaced === 'yes',
        arguments: words.split('\x1d').filter(Boolean),
        ...(values.length && { values }),
        ports: ports.split(' ').filter(Boolean),
        pidFile,
        readTime,
      };
    },
  );
  const [[path = '', seen = ''] = []] = of('S', 2);
  const [[supposed, name = '', groups = ''] = []] = of('M', 3);
  if (ways[0]?.is !== 'next' || !path || !name) throw new Error('the host did not report how sshd is started');
  const options = new Map<string, string[]>();
  for (const [option = '', value = ''] of of('A', 2)) options.set(option, [...(options.get(option) ?? []), value]);
  const changed = of('F', 4).map(([file = '', inode = '', content = '', type]) => ({
    path: file,
    time: type === 'directory' ? content : inode,
  }));
  assertPast(ways, changed);
  return {
    is: 'present',
    ways,
    lines: of('L', 4).map(([file = '', number, keyword = '', text = '']) => ({
      file,
      number: Number(number),
      name: keyword,
      text,
    })),
    includes: of('I', 3).map(([file = '', number, included = '']) => ({
      file,
      number: Number(number),
      path: included,
    })),
    isSupposed: supposed === 'yes',
    changed: changed.filter(({ path: file }) => file !== now),
    asked: changed.find(({ path: file }) => file === now)?.time,
    main: { path, seen },
    login: { name, groups: groups.split(' ').filter(Boolean), options },
  };
}

/** Its time is when the host was asked. */
const now = '/proc/self';

/** Throws when something has a time to come: then times do not tell what the daemon has read, as after the clock of the host was set back. */
function assertPast(ways: readonly Way[], changed: SshdFound['changed']): void {
  const asked = changed.find(({ path }) => path === now)?.time;
  const read = ways
    .filter(({ readTime }) => readTime)
    .map(({ readTime, pidFile }) => ({ path: pidFile, time: readTime }));
  if (!read.length) return;
  if (asked === undefined) throw new Error('the host did not report its time');
  const late = [...read, ...changed].find(({ time }) => earlierThan(asked, time));
  if (late)
    throw new Error(
      `${late.path} has a time in the future, so it is unknown whether sshd has read its files: check the clock of the host, touch that file, and restart sshd`,
    );
}

/** Every line that sets one of the names, in the order in which sshd reads them. */
export function occurrences(
  { lines, includes, main }: Pick<SshdFound, 'lines' | 'includes' | 'main'>,
  names: readonly string[],
): readonly Occurrence[] {
  const found: Occurrence[] = [];
  const read = (file: string, under: string | undefined, depth: number): void => {
    if (depth > deepest) throw new Error(`${file} includes itself`);
    let here = under;
    for (const line of lines.filter((one) => one.file === file)) {
      const value = valueOf(line.text);
      if (line.name === 'match') here = `${file}:${line.number} (Match ${value})${under ? ` within ${under}` : ''}`;
      else if (line.name === 'include') {
        for (const one of includes)
          if (one.file === file && one.number === line.number) read(one.path, here, depth + 1);
      } else if (names.includes(line.name)) {
        found.push({ file, number: line.number, value, ...(here !== undefined && { under: here }) });
      }
    }
  };
  read(main.path, undefined, 0);
  return found;
}

/** What stands behind the keyword. */
function valueOf(text: string): string {
  return text.replace(/^[\s"]*[A-Za-z0-9]+"?[ \t]*=?[ \t]*/, '').replace(/[\s]+$/, '');
}

/** The file that changed after the daemon had read its configuration; `undefined` when none did. */
export function changedSince({ changed }: SshdFound, time: string): string | undefined {
  // At the same tick of the clock it is not known which came first, so it may not have been read.
  return changed.find((one) => !earlierThan(one.time, time))?.path;
}

/** Compares decimal seconds without losing their last digits. */
function earlierThan(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => {
    const [whole = '0', fraction = ''] = text.split('.');
    return BigInt(whole + fraction.padEnd(9, '0').slice(0, 9));
  }) as [bigint, bigint];
  return left < right;
}

/** The value of a line in words, as it is compared. */
export function plain(value: string): string {
  return wordsOf(value).join(' ');
}
