/** Lines of authorized_keys as sshd reads them: `[options] type base64 [comment]`. See AUTHORIZED_KEYS in sshd(8). */
import { createHash } from 'node:crypto';
import { isIP } from 'node:net';

export interface AuthorizedKey {
  /** With their names in lower case; empty when there are none. */
  readonly options: string;
  readonly type: string;
  readonly base64: string;
}

/** How many fields a key of a type has behind the name of its type, and how long the first is. */
const keyTypes: Record<string, { fields: number; first?: number }> = {
  'ssh-ed25519': { fields: 1, first: 32 },
  'ssh-rsa': { fields: 2 },
  'ssh-dss': { fields: 4 },
  'ecdsa-sha2-nistp256': { fields: 2 },
  'ecdsa-sha2-nistp384': { fields: 2 },
  'ecdsa-sha2-nistp521': { fields: 2 },
  'sk-ssh-ed25519@openssh.com': { fields: 2, first: 32 },
  'sk-ecdsa-sha2-nistp256@openssh.com': { fields: 3 },
};
const flag =
  /^(?:cert-authority|restrict|(?:no-)?(?:port-forwarding|agent-forwarding|x11-forwarding|touch-required|verify-required|pty|user-rc))(?=,|$)/i;
const setting =
  /^(command|principals|from|expiry-time|environment|permitopen|permitlisten|tunnel)="((?:\\"|[^"])*)"(?=,|$)/i;
/** Setting one of these twice is an error. */
const onlyOnce = ['command', 'principals', 'from'];
const port = String.raw`(\*|[0-9]{1,5}|[a-z][a-z0-9-]*)`;
/** Values without which sshd refuses the line, or nobody may use it: see sshauthopt_parse() of auth-options.c. Ports may be names of services. */
const values: Readonly<Record<string, { test: (value: string) => boolean }>> = {
  'expiry-time': /^[0-9]{4}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])(([01][0-9]|2[0-3])[0-5][0-9]([0-5][0-9])?)?Z?$/,
  environment: /^[A-Za-z0-9_]+=/,
  from: { test: areAddresses },
  permitlisten: new RegExp(`^((\\[[^\\]]*\\]|[^:]+):)?${port}$`, 'i'),
  permitopen: new RegExp(`^(\\[[^\\]]+\\]|[^:]+):${port}$`, 'i'),
  tunnel: /^(any|[0-9]+)$/,
};

/** The key of a line; `undefined` when sshd reads none in it. Only blanks and tabs separate. */
export function parseAuthorizedKey(text: string): AuthorizedKey | undefined {
  const line = text.replace(/^[ \t]+/, '').replace(/[\r\n]+$/, '');
  if (line.startsWith('#')) return undefined;
  const alone = keyAt(line);
  if (alone) return { options: '', ...alone };
  const end = endOfOptions(line);
  const options = canonicalOptions(line.slice(0, end));
  const key = options === undefined ? undefined : keyAt(line.slice(end).replace(/^[ \t]+/, ''));
  return options === undefined || !key ? undefined : { options, ...key };
}

/** Whether two keys are the same key with the same options. */
export function isSameKey(a: AuthorizedKey, b: AuthorizedKey): boolean {
  return a.base64 === b.base64 && a.options === b.options;
}

/** `SHA256:…`, as ssh-keygen -l prints it. */
export function fingerprintOf({ base64 }: AuthorizedKey): string {
  return `SHA256:${createHash('sha256').update(Buffer.from(base64, 'base64')).digest('base64').replace(/=+$/, '')}`;
}

function keyAt(text: string): Omit<AuthorizedKey, 'options'> | undefined {
  // A line ends at a NUL, and base64 may have other blanks in it.
  const [, type = '', blob = ''] = /^([^ \t\0]+)[ \t]+([^ \t\0]+)/.exec(text) ?? [];
  const base64 = blob.replace(/[\v\f\r]/g, '');
  return holdsKey(base64, type) ? { type, base64 } : undefined;
}

/** Options end at the first blank that is not in quotes. */
function endOfOptions(text: string): number {
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '\\' && text[at + 1] === '"') at += 1;
    else if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (character === ' ' || character === '\t')) return at;
  }
  return text.length;
}

/** `undefined` when sshd does not take them, and so not the line. */
function canonicalOptions(text: string): string | undefined {
  const options: string[] = [];
  const names: string[] = [];
  for (let rest = text; ; rest = rest.slice(1)) {
    const [option = '', name, value = ''] = flag.exec(rest) ?? setting.exec(rest) ?? [];
    if (!option) return undefined;
    if (name !== undefined && values[name.toLowerCase()]?.test(value) === false) return undefined;
    options.push(name === undefined ? option.toLowerCase() : `${name.toLowerCase()}${option.slice(name.length)}`);
    if (name !== undefined) names.push(name.toLowerCase());
    rest = rest.slice(option.length);
    if (!rest) break;
  }
  if (onlyOnce.some((one) => names.filter((name) => name === one).length > 1)) return undefined;
  if (names.includes('principals') && !options.includes('cert-authority')) return undefined;
  // What `restrict` takes away, later options give back; of all others only those of one name, with `no-` or not, are in order.
  const nameOf = (option: string): string => option.replace(/=.*/s, '').replace(/^no-/, '');
  const ordered = options.includes('restrict')
    ? options
    : options.toSorted((x, y) => (nameOf(x) < nameOf(y) ? -1 : nameOf(x) > nameOf(y) ? 1 : 0));
  return ordered.join(',');
}

/**
 * Whether sshd takes all patterns of `from`: at an address that has bits behind its mask, as 10.0.0.5/8, or a mask that is longer than it,
 * match_host_and_ip() gives up, and lets nobody in. What is no address at all is compared as a name.
 */
function areAddresses(value: string): boolean {
  return value !== '' && value.split(',').every((one) => isNetwork(one.replace(/^!/, '')));
}

function isNetwork(text: string): boolean {
  const [, address = '', mask = ''] = /^([^/]*)[/]([0-9]+)$/.exec(text) ?? [];
  const family = isIP(address);
  if (!family || Number(mask) > 128) return true;
  const bits = bitsOfAddress(address, family);
  return Number(mask) <= bits.length && !bits.slice(Number(mask)).includes('1');
}

function bitsOfAddress(address: string, family: number): string {
  const parts = (text: string, separator: string, base: number, width: number): string =>
    text === ''
      ? ''
      : text
          .split(separator)
          .map((one) => Number.parseInt(one, base).toString(2).padStart(width, '0'))
          .join('');
  if (family === 4) return parts(address, '.', 10, 8);
  const bare = address.replace(/%.*/, '');
  const [, embedded] = /:([0-9]+(?:[.][0-9]+){3})$/.exec(bare) ?? [];
  const tail = embedded === undefined ? '' : parts(embedded, '.', 10, 8);
  const rest = embedded === undefined ? bare : bare.slice(0, -embedded.length).replace(/([^:]):$/, '$1');
  const [before = '', after] = rest.split('::');
  const [head, end] = [parts(before, ':', 16, 16), parts(after ?? '', ':', 16, 16) + tail];
  return `${head}${'0'.repeat(128 - head.length - end.length)}${end}`;
}

/** How long an RSA key is; 0 for other keys. Its modulus comes last, perhaps behind a byte that keeps it positive. */
export function bitsOfRsa({ type, base64 }: Pick<AuthorizedKey, 'type' | 'base64'>): number {
  const modulus = type === 'ssh-rsa' ? fieldsOf(Buffer.from(base64, 'base64'))?.at(-1)?.toString('hex') : undefined;
  return modulus ? BigInt(`0x${modulus}`).toString(2).length : 0;
}

/** The bytes are the name of the type and then just the fields of such a key, each behind its length. */
function holdsKey(base64: string, type: string): boolean {
  const wanted = Object.hasOwn(keyTypes, type) ? keyTypes[type] : undefined;
  if (!wanted || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return false;
  const fields = fieldsOf(Buffer.from(base64, 'base64'));
  if (!fields) return false;
  const [name, first] = fields;
  if (name?.toString('latin1') !== type || fields.length !== wanted.fields + 1) return false;
  return wanted.first === undefined || first?.length === wanted.first;
}

/** Each behind its length; `undefined` where a length is wrong. */
function fieldsOf(bytes: Buffer): readonly Buffer[] | undefined {
  const fields: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + 4 > bytes.length) return undefined;
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return undefined;
    fields.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

/**
 * When the key of a line expires, as seconds since 1970: the first time at which that may be, and the last. A time without `Z` is one of the
 * host's own zone, which is at most 14 hours before and 12 hours behind.
 */
export function expiryOf({ options }: AuthorizedKey): readonly [first: number, last: number] | undefined {
  const times = [
    ...options.matchAll(/(?:^|,)expiry-time="([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})?([0-9]{2})?([0-9]{2})?(Z)?"/g),
  ].map(([, year, month, day, hour = '0', minute = '0', second = '0', isUtc]) => {
    const [years, months, days, hours, minutes, seconds] = [year, month, day, hour, minute, second].map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const time = Date.UTC(years, months - 1, days, hours, minutes, seconds) / 1000;
    return isUtc ? ([time, time] as const) : ([time - 14 * 3600, time + 12 * 3600] as const);
  });
  if (!times.length) return undefined;
  return [Math.min(...times.map(([first]) => first)), Math.min(...times.map(([, last]) => last))];
}
