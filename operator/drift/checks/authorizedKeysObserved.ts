/** What a host answers of the keys of an account, and which lines and files of it sshd would use. Pure. */
import { expiryOf, isSameKey, parseAuthorizedKey, type AuthorizedKey } from '../../lib/authorizedKey.ts';
import { recordsOf, sshdOf, type SshdFound } from './sshdConfig.ts';

export type AuthorizedKeysObserved = { readonly is: 'no sshd' } | { readonly is: 'absent' } | KeysFound;

export interface KeysFound {
  readonly is: 'present';
  readonly sshd: SshdFound;
  readonly account: { readonly name: string; readonly uid: string; readonly gid: string; readonly home: string };
  /** Whether its home is a folder that is there. */
  readonly hasHome: boolean;
  /** What sshd has in effect for the account, in the words of `sshd -T`. */
  readonly options: ReadonlyMap<string, string>;
  /** The files in which sshd looks for keys, in its order. */
  readonly files: readonly KeyFile[];
}

export interface KeyFile {
  readonly path: string;
  /** A symbolic link is at its place, or on the way to it in the home of the account. */
  readonly isLinked: boolean;
  readonly part: Part | 'absent';
  readonly content: Buffer;
  readonly lines: readonly KeyLine[];
  /** The folders above it, the nearest first. */
  readonly folders: readonly (Part & { readonly path: string })[];
}

export interface Part {
  /** `f`, `d`, `l`, … as find has it. */
  readonly letter: string;
  readonly mode: number;
  readonly uid: string;
  readonly gid: string;
}

export interface KeyLine {
  readonly number: number;
  readonly text: string;
  /** `undefined` when sshd reads no key in it. */
  readonly key: AuthorizedKey | undefined;
}

export function parseKeys(answer: string): AuthorizedKeysObserved {
  if (answer === 'no sshd' || answer === 'absent') return { is: answer };
  const records = recordsOf(answer);
  const sshd = sshdOf(records);
  const of = (tag: string, path?: string) =>
    (records.get(tag) ?? []).filter((record) => path === undefined || record[1] === path);
  const [, name = '', uid = '', gid = '', home = '', homeLetter] = of('U')[0] ?? [];
  if (!/^[0-9]+:[0-9]+$/.test(`${uid}:${gid}`)) throw new Error('the host did not report the account');
  const files = of('K').map(([, path = '', linked, ...part]): KeyFile => {
    const content = Buffer.from(of('T', path)[0]?.[2] ?? '', 'base64');
    const seen = part[0] === 'absent' ? 'absent' : partOf(part);
    if (linked === 'no' && seen !== 'absent' && seen.letter === 'f' && content.length !== Number(part[4]))
      throw new Error(`${path} could not be read in full`);
    return {
      path,
      isLinked: linked === 'yes',
      part: seen,
      content,
      lines: linesOf(content),
      folders: of('C', path).map(([, , folder = '', ...rest]) => ({ path: folder, ...partOf(rest) })),
    };
  });
  const options = new Map(of('O').map(([, option = '', value = '']) => [option, value]));
  return { is: 'present', sshd, account: { name, uid, gid, home }, hasHome: homeLetter === 'd', options, files };
}

function partOf([letter = '', mode = '', uid = '', gid = '']: readonly string[]): Part {
  if (!/^[0-7]+$/.test(mode)) throw new Error('the host reported a file without a mode');
  return { letter, mode: Number.parseInt(mode, 8), uid, gid };
}

/** Lines that sshd does not pass over: neither empty nor a comment. */
function linesOf(content: Buffer): readonly KeyLine[] {
  return content
    .toString('utf8')
    .split('\n')
    .map((text, at) => ({ number: at + 1, text, key: parseAuthorizedKey(text) }))
    .filter(({ text }) => !/^[ \t]*(#|\r?$)/.test(text));
}

/** Whether a line must go: another key, or a declared key with options that were not declared for it. */
export function isSurplus({ key }: KeyLine, declared: readonly AuthorizedKey[], isExclusive: boolean): boolean {
  if (key && declared.some((one) => isSameKey(one, key))) return false;
  return isExclusive || (key !== undefined && declared.some((one) => one.base64 === key.base64));
}

/** Whether the time of a key has passed, by the clock of the host; `undefined` where that depends on its time zone or is not known. */
export function isExpired(key: AuthorizedKey, { asked }: SshdFound): boolean | undefined {
  const times = expiryOf(key);
  if (!times) return false;
  const now = asked === undefined ? NaN : Number(asked);
  const [first, last] = times;
  return now >= last ? true : now < first ? false : undefined;
}

/** Why sshd does not use what stands in the file; `undefined` when it does. */
export function whyUnused({ account: { uid, gid, home }, options }: KeysFound, file: KeyFile): string | undefined {
  const { part, folders, path } = file;
  if (part === 'absent' || part.letter !== 'f') return undefined;
  const may = (one: Part, bit: number) =>
    uid === '0' || (one.mode & (one.uid === uid ? bit << 6 : one.gid === gid ? bit << 3 : bit)) !== 0;
  if (!may(part, 4)) return `the account cannot read ${path} (${words(part)})`;
  const shut = folders.find((folder) => !may(folder, 1));
  if (shut) return `the account cannot enter ${shut.path} (${words(shut)})`;
  if (options.get('strictmodes') === 'no') return undefined;
  const upToHome = folders.slice(0, 1 + folders.findIndex((folder) => folder.path === home) || folders.length);
  const open = [{ ...part, path }, ...upToHome].find((one) => !['0', uid].includes(one.uid) || (one.mode & 0o22) !== 0);
  return open && `others can write to ${open.path} (${words(open)})`;
}

function words({ mode, uid }: Part): string {
  return `mode ${mode.toString(8).padStart(4, '0')}, owner ${uid}`;
}
