/** IP addresses and ranges, as Kubernetes has them in CEL. Pure. */
import { cidrOf, ipOf, ipText, isInRange, type Cidr, type Ip } from '../lib/ipAddress.ts';
import type { Functions, Spend } from './overload.ts';
import { Opaque, refuse } from './value.ts';

export const network: Functions = {
  ip: [{ takes: ['string'], gives: 'net.IP', run: (spend, text: string) => ip(ipIn(spend, text)) }],
  isIP: [
    { takes: ['string'], gives: 'bool', run: (spend, text: string) => (spend(parsing), ipOf(text) !== undefined) },
  ],
  'ip.isCanonical': [
    {
      takes: ['string'],
      gives: 'bool',
      run: (spend, text: string) => {
        const address = ipIn(spend, text);
        return ipText(address) === text;
      },
    },
  ],
  '.family': [{ takes: ['net.IP'], gives: 'int', run: (_, one: Opaque) => BigInt(of(one).family) }],
  '.isUnspecified': [{ takes: ['net.IP'], gives: 'bool', run: (_, one: Opaque) => of(one).bits === 0n }],
  '.isLoopback': [
    { takes: ['net.IP'], gives: 'bool', run: (_, one: Opaque) => isWithin(one, '127.0.0.0/8', '::1/128') },
  ],
  '.isLinkLocalMulticast': [
    { takes: ['net.IP'], gives: 'bool', run: (_, one: Opaque) => isLinkLocalMulticast(of(one)) },
  ],
  '.isLinkLocalUnicast': [
    { takes: ['net.IP'], gives: 'bool', run: (_, one: Opaque) => isWithin(one, '169.254.0.0/16', 'fe80::/10') },
  ],
  '.isGlobalUnicast': [
    {
      takes: ['net.IP'],
      gives: 'bool',
      run: (_, one: Opaque) =>
        of(one).bits !== 0n &&
        ipText(of(one)) !== '255.255.255.255' &&
        !isWithin(one, '127.0.0.0/8', '::1/128') &&
        !isWithin(one, '224.0.0.0/4', 'ff00::/8') &&
        !isWithin(one, '169.254.0.0/16', 'fe80::/10'),
    },
  ],
  cidr: [
    {
      takes: ['string'],
      gives: 'net.CIDR',
      run: (spend, text: string) => cidr(cidrIn(spend, text)),
    },
  ],
  isCIDR: [
    { takes: ['string'], gives: 'bool', run: (spend, text: string) => (spend(parsing), cidrOf(text) !== undefined) },
  ],
  '.containsIP': [
    {
      takes: ['net.CIDR', 'net.IP'],
      gives: 'bool',
      run: (_, range: Opaque, one: Opaque) => isInRange(of(one), rangeOf(range)),
    },
    {
      takes: ['net.CIDR', 'string'],
      gives: 'bool',
      run: (spend, range: Opaque, text: string) => isInRange(ipIn(spend, text), rangeOf(range)),
    },
  ],
  '.containsCIDR': [
    {
      takes: ['net.CIDR', 'net.CIDR'],
      gives: 'bool',
      run: (_, range: Opaque, part: Opaque) => contains(rangeOf(range), rangeOf(part)),
    },
    {
      takes: ['net.CIDR', 'string'],
      gives: 'bool',
      run: (spend, range: Opaque, text: string) => contains(rangeOf(range), cidrIn(spend, text)),
    },
  ],
  '.ip': [{ takes: ['net.CIDR'], gives: 'net.IP', run: (_, range: Opaque) => ip(rangeOf(range).ip) }],
  '.prefixLength': [{ takes: ['net.CIDR'], gives: 'int', run: (_, range: Opaque) => BigInt(rangeOf(range).prefix) }],
  '.masked': [
    {
      takes: ['net.CIDR'],
      gives: 'net.CIDR',
      run: (_, range: Opaque) => {
        const { ip: address, prefix } = rangeOf(range);
        const free = BigInt((address.family === 4 ? 32 : 128) - prefix);
        return cidr({ ip: { ...address, bits: (address.bits >> free) << free }, prefix });
      },
    },
  ],
};

/** Steps that it takes to read an address. */
const parsing = 15;

function ipIn(spend: Spend, text: string): Ip {
  spend(parsing);
  return ipOf(text) ?? refuse(text, 'an IP address');
}

function cidrIn(spend: Spend, text: string): Cidr {
  spend(parsing);
  return cidrOf(text) ?? refuse(text, 'a CIDR range, such as 10.0.0.0/8');
}

/** Of IPv6, by the four bits of the scope alone. */
function isLinkLocalMulticast({ family, bits }: Ip): boolean {
  return family === 4 ? bits >> 8n === 0xe00000n : ((bits >> 112n) & 0xff0fn) === 0xff02n;
}

function ip(address: Ip): Opaque {
  return new Opaque('net.IP', address, ipText(address));
}

function cidr(range: Cidr): Opaque {
  return new Opaque('net.CIDR', range, `${ipText(range.ip)}/${range.prefix}`);
}

function of({ value }: Opaque): Ip {
  return value as Ip;
}

function rangeOf({ value }: Opaque): Cidr {
  return value as Cidr;
}

function isWithin(one: Opaque, v4: string, v6: string): boolean {
  return isInRange(of(one), cidrOf(of(one).family === 4 ? v4 : v6)!);
}

function contains(range: Cidr, part: Cidr): boolean {
  return part.prefix >= range.prefix && isInRange(part.ip, range);
}
