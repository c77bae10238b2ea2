/** known_hosts as ssh reads it: hashed names, patterns, ports, authorities and revoked keys. See SSH_KNOWN_HOSTS in sshd(8). Pure. */
import { hash } from 'node:crypto';
import { fingerprintOf, parseAuthorizedKey } from '../../../lib/authorizedKey.ts';

export interface PublicKey {
  readonly type: string;
  readonly base64: string;
}

interface Line extends PublicKey {
  readonly marker: '' | '@cert-authority' | '@revoked';
  readonly patterns: readonly string[];
}

/** What is known of one host. */
export interface KnownKeys {
  readonly keys: readonly PublicKey[];
  readonly authorities: readonly PublicKey[];
  readonly revoked: readonly PublicKey[];
}

/** Types that a Device takes, the best first. */
const types = [
  ...[
    'ssh-ed25519',
    'sk-ssh-ed25519@openssh.com',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
    'ssh-rsa',
  ],
];
const mostKeys = 8;

export class KnownHosts {
  readonly #plain = new Map<string, Line[]>();
  /** Those that must be tried on each host. */
  readonly #patterns: Line[] = [];
  readonly #hashed: { readonly line: Line; readonly matches: (name: string) => boolean }[] = [];

  constructor(text: string) {
    for (const line of text.split('\n').map(parsedLine)) {
      const [first = ''] = line?.patterns ?? [];
      if (!line) continue;
      if (line.patterns.length === 1 && first.startsWith('|')) this.#hashed.push({ line, matches: hashedName(first) });
      else if (line.patterns.some((pattern) => /[*?!|]/.test(pattern))) this.#patterns.push(line);
      else for (const name of line.patterns) this.#add(name.toLowerCase(), line);
    }
  }

  /** Each of these is tried on each host, at a cost. */
  get tried(): number {
    return this.#hashed.length + this.#patterns.length;
  }

  of(host: string, port: number): KnownKeys {
    const name = port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
    const matching = [
      ...(this.#plain.get(name) ?? []),
      ...this.#hashed.filter((one) => one.matches(name)).map(({ line }) => line),
      ...this.#patterns.filter((line) => matches(line.patterns, name)),
    ];
    const marked = (marker: Line['marker']) => matching.filter((line) => line.marker === marker);
    const revoked = marked('@revoked');
    const isRevoked = (key: PublicKey) => revoked.some((one) => isSame(one, key));
    const usable = (lines: readonly Line[]) => usableKeys(lines.filter((key) => !isRevoked(key)));
    return { keys: usable(marked('')), authorities: usable(marked('@cert-authority')), revoked };
  }

  #add(name: string, line: Line): void {
    const lines = this.#plain.get(name);
    if (lines) lines.push(line);
    else this.#plain.set(name, [line]);
  }
}

/** Each once, of the types that a Device takes, as many as it takes. */
export function usableKeys(keys: readonly PublicKey[]): PublicKey[] {
  const unique = keys.filter((key, at) => types.includes(key.type) && keys.findIndex((one) => isSame(one, key)) === at);
  return unique.sort((a, b) => types.indexOf(a.type) - types.indexOf(b.type)).slice(0, mostKeys);
}

export function isSame(a: PublicKey, b: PublicKey): boolean {
  return a.type === b.type && a.base64 === b.base64;
}

/** As ssh-keygen prints it: `SHA256:…`. */
export function fingerprint({ type, base64 }: PublicKey): string {
  return fingerprintOf({ options: '', type, base64 });
}

function parsedLine(text: string): Line | undefined {
  const [, marker = '', names = '', key = ''] =
    /^[ \t]*(?:(@\S+)[ \t]+)?([^\s#@]\S*)[ \t]+(\S+[ \t]+\S+)/.exec(text.replace(/\r$/, '')) ?? [];
  if (marker !== '' && marker !== '@cert-authority' && marker !== '@revoked') return undefined;
  const parsed = parseAuthorizedKey(key);
  return parsed && { marker, patterns: names.split(','), type: parsed.type, base64: parsed.base64 };
}

/** One of them matches, and none that is negated. */
function matches(patterns: readonly string[], name: string): boolean {
  const found = patterns.filter((pattern) => isMatch(pattern.replace(/^!/, ''), name));
  return found.length > 0 && !found.some((pattern) => pattern.startsWith('!'));
}

function isMatch(pattern: string, name: string): boolean {
  return pattern.startsWith('|') ? hashedName(pattern)(name) : wildcard(pattern.toLowerCase(), name);
}

/** `|1|salt|hash`: HMAC-SHA-1 (RFC 2104) of the name. By two plain digests, which are several times as fast as the object for it. */
function hashedName(pattern: string): (name: string) => boolean {
  const [, salt = '', expected = ''] = /^\|1\|([^|]+)\|(.+)$/.exec(pattern) ?? [];
  const key = Buffer.from(salt, 'base64');
  if (expected === '' || key.length > 64) return () => false;
  const padded = (byte: number) => Buffer.from(Array.from({ length: 64 }, (_, at) => (key[at] ?? 0) ^ byte));
  const [inner, outer] = [padded(0x36), padded(0x5c)];
  return (name) => {
    const first = hash('sha1', Buffer.concat([inner, Buffer.from(name)]), 'buffer');
    return hash('sha1', Buffer.concat([outer, first]), 'base64') === expected;
  };
}

/** `*` and `?`; in steps, so that no pattern takes long. */
function wildcard(pattern: string, name: string): boolean {
  let [at, from, star, mark] = [0, 0, -1, 0];
  while (from < name.length) {
    if (pattern[at] === '*') [star, mark, at] = [at, from, at + 1];
    else if (pattern[at] === '?' || pattern[at] === name[from]) [at, from] = [at + 1, from + 1];
    else if (star >= 0) [at, mark, from] = [star + 1, mark + 1, mark + 1];
    else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}
