/** known_hosts as ssh reads it: hashed names, patterns, ports, authorities and revoked keys. See SSH_KNOWN_HOSTS in sshd(8). Pure. */
import { createHmac } from 'node:crypto';
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

  constructor(text: string) {
    for (const line of text.split('\n').map(parsedLine)) {
      if (!line) continue;
      const isPlain = line.patterns.every((pattern) => /^[^*?!|]+$/.test(pattern));
      if (!isPlain) this.#patterns.push(line);
      else for (const name of line.patterns) this.#add(name.toLowerCase(), line);
    }
  }

  #add(name: string, line: Line): void {
    const lines = this.#plain.get(name);
    if (lines) lines.push(line);
    else this.#plain.set(name, [line]);
  }

  of(host: string, port: number): KnownKeys {
    const name = port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
    const matching = [
      ...(this.#plain.get(name) ?? []),
      ...this.#patterns.filter((line) => matches(line.patterns, name)),
    ];
    const marked = (marker: Line['marker']) => matching.filter((line) => line.marker === marker);
    const revoked = marked('@revoked');
    const isRevoked = (key: PublicKey) => revoked.some((one) => isSame(one, key));
    const usable = (lines: readonly Line[]) => usableKeys(lines.filter((key) => !isRevoked(key)));
    return { keys: usable(marked('')), authorities: usable(marked('@cert-authority')), revoked };
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
  const [, salt = '', hash = ''] = /^\|1\|([^|]+)\|(.+)$/.exec(pattern) ?? [];
  if (hash) return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
  return wildcard(pattern.toLowerCase(), name);
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
