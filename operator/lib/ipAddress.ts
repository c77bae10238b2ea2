/** IP addresses and ranges of them. Strict: no leading zeros, no zones, no IPv4 as IPv6 (`::ffff:…`), as Kubernetes wants them in new objects. */

export interface Ip {
  readonly family: 4 | 6;
  readonly bits: bigint;
}

export interface Cidr {
  readonly ip: Ip;
  readonly prefix: number;
}

export function ipOf(text: string): Ip | undefined {
  return text.includes(':') ? v6Of(text) : v4Of(text);
}

export function cidrOf(text: string): Cidr | undefined {
  const [, address = '', length = ''] = /^([^/]+)\/(0|[1-9][0-9]{0,2})$/.exec(text) ?? [];
  const ip = ipOf(address);
  const prefix = Number(length);
  return ip && length !== '' && prefix <= widthOf(ip) ? { ip, prefix } : undefined;
}

export function isInRange(ip: Ip, { ip: start, prefix }: Cidr): boolean {
  const free = BigInt(widthOf(start) - prefix);
  return ip.family === start.family && ip.bits >> free === start.bits >> free;
}

/** In canonical form; IPv6 as RFC 5952 has it. */
export function ipText({ family, bits }: Ip): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 255n).join('.');
  const groups = Array.from({ length: 8 }, (_, at) => ((bits >> BigInt(112 - 16 * at)) & 65535n).toString(16));
  const { from, length } = longestZeros(groups);
  if (length < 2) return groups.join(':');
  return `${groups.slice(0, from).join(':')}::${groups.slice(from + length).join(':')}`;
}

function widthOf({ family }: Ip): number {
  return family === 4 ? 32 : 128;
}

function v4Of(text: string): Ip | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) < 256))
    return undefined;
  return { family: 4, bits: parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n) };
}

function v6Of(text: string): Ip | undefined {
  if (text.length > 45) return undefined;
  const halves = withGroups(text)?.split('::') ?? [];
  if (halves.length < 1 || halves.length > 2) return undefined;
  const [left, right] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const given = [...left!, ...(right ?? [])];
  if (!given.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group))) return undefined;
  const missing = 8 - given.length;
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left!, ...Array.from({ length: missing }, () => '0'), ...(right ?? [])];
  const bits = groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
  return bits >> 32n === 0xffffn ? undefined : { family: 6, bits };
}

/** The last 32 bits may be written as those of IPv4. */
function withGroups(text: string): string | undefined {
  const last = text.lastIndexOf(':') + 1;
  if (!text.includes('.', last)) return text;
  const bits = v4Of(text.slice(last))?.bits;
  return bits === undefined
    ? undefined
    : `${text.slice(0, last)}${(bits >> 16n).toString(16)}:${(bits & 65535n).toString(16)}`;
}

function longestZeros(groups: readonly string[]): { from: number; length: number } {
  let best = { from: 0, length: 0 };
  for (let from = 0; from < groups.length; from += 1) {
    let length = 0;
    while (groups[from + length] === '0') length += 1;
    if (length > best.length) best = { from, length };
  }
  return best;
}
