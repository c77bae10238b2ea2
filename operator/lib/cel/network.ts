/** IP addresses and ranges, as Kubernetes has them in CEL. Pure. */
import { cidrOf, ipOf, ipText, isInRange, type Cidr, type Ip } from '../ipAddress.ts';
import { refuse } from './basics.ts';
import type { Functions } from './functions.ts';
import { Opaque } from './value.ts';

export const network: Functions = {
  ip: [{ takes: ['string'], run: (_, text: string) => ip(ipOf(text) ?? refuse(text, 'an IP address')) }],
  isIP: [{ takes: ['string'], run: (_, text: string) => ipOf(text) !== undefined }],
  'ip.isCanonical': [
    {
      takes: ['string'],
      run: (_, text: string) => {
        const address = ipOf(text) ?? refuse(text, 'an IP address');
        return ipText(address) === text;
      },
    },
  ],
  '.family': [{ takes: ['IP'], run: (_, one: Opaque) => BigInt(of(one).family) }],
  '.isUnspecified': [{ takes: ['IP'], run: (_, one: Opaque) => of(one).bits === 0n }],
  '.isLoopback': [{ takes: ['IP'], run: (_, one: Opaque) => isWithin(one, '127.0.0.0/8', '::1/128') }],
  '.isLinkLocalMulticast': [{ takes: ['IP'], run: (_, one: Opaque) => isWithin(one, '224.0.0.0/24', 'ff02::/16') }],
  '.isLinkLocalUnicast': [{ takes: ['IP'], run: (_, one: Opaque) => isWithin(one, '169.254.0.0/16', 'fe80::/10') }],
  '.isGlobalUnicast': [
    {
      takes: ['IP'],
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
      run: (_, text: string) => cidr(cidrOf(text) ?? refuse(text, 'a range of addresses, such as 10.0.0.0/8')),
    },
  ],
  isCIDR: [{ takes: ['string'], run: (_, text: string) => cidrOf(text) !== undefined }],
  '.containsIP': [
    { takes: ['CIDR', 'IP'], run: (_, range: Opaque, one: Opaque) => isInRange(of(one), rangeOf(range)) },
    {
      takes: ['CIDR', 'string'],
      run: (_, range: Opaque, text: string) => isInRange(ipOf(text) ?? refuse(text, 'an IP address'), rangeOf(range)),
    },
  ],
  '.containsCIDR': [
    { takes: ['CIDR', 'CIDR'], run: (_, range: Opaque, part: Opaque) => contains(rangeOf(range), rangeOf(part)) },
    {
      takes: ['CIDR', 'string'],
      run: (_, range: Opaque, text: string) =>
        contains(rangeOf(range), cidrOf(text) ?? refuse(text, 'a range of addresses')),
    },
  ],
  '.ip': [{ takes: ['CIDR'], run: (_, range: Opaque) => ip(rangeOf(range).ip) }],
  '.prefixLength': [{ takes: ['CIDR'], run: (_, range: Opaque) => BigInt(rangeOf(range).prefix) }],
  '.masked': [
    {
      takes: ['CIDR'],
      run: (_, range: Opaque) => {
        const { ip: address, prefix } = rangeOf(range);
        const free = BigInt((address.family === 4 ? 32 : 128) - prefix);
        return cidr({ ip: { ...address, bits: (address.bits >> free) << free }, prefix });
      },
    },
  ],
};

function ip(address: Ip): Opaque {
  return new Opaque('IP', address, ipText(address));
}

function cidr(range: Cidr): Opaque {
  return new Opaque('CIDR', range, `${ipText(range.ip)}/${range.prefix}`);
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
