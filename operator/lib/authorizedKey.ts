/** Lines of authorized_keys as sshd(8) describes them: `[options] type base64 [comment]`. */
import { createHash } from 'node:crypto';

export interface AuthorizedKey {
  /** Empty when there are none. */
  readonly options: string;
  readonly type: string;
  readonly base64: string;
}

const keyType = /^(ssh|ecdsa|sk-ssh|sk-ecdsa)-[A-Za-z0-9@.-]+$/;
/** Options end at the first blank that is not in quotes. */
const line = /^((?:[^\s"]|"(?:\\.|[^"\\])*")+)\s+(.*)$/;

/** The key of a line; `undefined` when the line holds none. */
export function parseAuthorizedKey(text: string): AuthorizedKey | undefined {
  const [, first = '', rest = ''] = line.exec(text.trim()) ?? [];
  if (first.startsWith('#')) return undefined;
  const hasOptions = !keyType.test(first);
  const [type = '', base64 = ''] = (hasOptions ? rest : `${first} ${rest}`).split(/\s+/);
  if (!keyType.test(type) || !holdsType(base64, type)) return undefined;
  return { options: hasOptions ? first : '', type, base64 };
}

/** Whether two keys are the same key with the same options. */
export function isSameKey(a: AuthorizedKey, b: AuthorizedKey): boolean {
  return a.type === b.type && a.base64 === b.base64 && a.options === b.options;
}

/** `SHA256:…`, as ssh-keygen -l prints it. */
export function fingerprintOf({ base64 }: AuthorizedKey): string {
  return `SHA256:${createHash('sha256').update(Buffer.from(base64, 'base64')).digest('base64').replace(/=+$/, '')}`;
}

/** The key's own bytes begin with the length and the name of its type. */
function holdsType(base64: string, type: string): boolean {
  const bytes = Buffer.from(base64, 'base64');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || bytes.length < 4 + type.length) return false;
  return bytes.readUInt32BE(0) === type.length && bytes.subarray(4, 4 + type.length).toString('latin1') === type;
}
