/**
 * Which addresses hosts may have. An address is judged as it is after resolving, never as it is written: `localhost`, `2130706433` and
 * `0177.0.0.1` are 127.0.0.1 by then, and IPv4 within IPv6 counts as what it leads to.
 */
import { BlockList, isIP } from 'node:net';
import { cidrOf, ipText, isInRange, type Cidr } from '../../lib/ipAddress.ts';

export interface NetworkRules {
  /** Where there are any, hosts must be in one of them. */
  readonly allowed: readonly Cidr[];
  readonly denied: readonly Cidr[];
  /** Those of the operator and of its cluster: denied like special ones. */
  readonly own: readonly Cidr[];
}

/** Whether a host may have this address, in the form in which a resolver gives it. */
export type MayReach = (address: string) => boolean;

/** No host is there, or one that trusts whoever reaches it. */
const special: readonly (readonly [network: string, what: string])[] = [
  ['0.0.0.0/8', 'unspecified'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link-local'],
  ['169.254.169.254/32', 'metadata of AWS, Azure, Google Cloud, OpenStack and others'],
  ['169.254.170.2/32', 'credentials of tasks on AWS'],
  ['169.254.170.23/32', 'credentials of pods on AWS'],
  ['100.100.100.200/32', 'metadata of Alibaba Cloud'],
  ['168.63.129.16/32', 'agent of Azure'],
  ['192.0.0.192/32', 'metadata of Oracle Cloud'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved, with broadcast'],
  ['::/96', 'unspecified, loopback, and IPv4 in its deprecated form'],
  ['::ffff:0:0:0/96', 'IPv4, translated (RFC 2765)'],
  ['64:ff9b:1::/48', 'IPv4, translated locally (RFC 8215)'],
  ['2001::/32', 'IPv4, tunneled (Teredo)'],
  ['2002::/16', 'IPv4, tunneled (6to4)'],
  ['fe80::/10', 'link-local'],
  ['fec0::/10', 'site-local, deprecated'],
  ['ff00::/8', 'multicast'],
  ['fd00:ec2::254/128', 'metadata of AWS'],
  ['fd00:ec2::23/128', 'credentials of pods on AWS'],
  ['fd20:ce::254/128', 'metadata of Google Cloud'],
  ['fd00:42::42/128', 'metadata of Scaleway'],
];

/**
 * A special network is open only as far as an allowed one is within it: `0.0.0.0/0` does not include loopback, `127.0.0.0/8` does, and
 * `169.254.0.0/16` does not include the metadata of a cloud.
 */
export function mayReach({ allowed, denied, own }: NetworkRules): MayReach {
  const closed = [...special.map(([network]) => networkOf(network)), ...own].map((network) => ({
    all: listOf([network]),
    open: listOf(allowed.filter((one) => isWithin(one, network))),
  }));
  const deniedList = listOf(denied);
  const allowedList = listOf(allowed);
  return (address) => {
    // With a zone it is of one link only.
    if (isIP(address) === 0 || address.includes('%')) return false;
    const isIn = (list: BlockList): boolean => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
    if (isIn(deniedList) || closed.some(({ all, open }) => isIn(all) && !isIn(open))) return false;
    return !allowed.length || isIn(allowedList);
  };
}

/** A list of networks as a user writes it: `10.0.0.0/8,fd00::/8`. Undefined when one is not in CIDR notation, or has bits after its prefix. */
export function networksIn(text: string): readonly Cidr[] | undefined {
  const networks = text.split(',').flatMap((part) => (part.trim() === '' ? [] : [cidrOf(part.trim())]));
  return networks.every((one) => one !== undefined && isWhole(one)) ? (networks as Cidr[]) : undefined;
}

function networkOf(text: string): Cidr {
  const network = cidrOf(text);
  if (!network) throw new Error(`${text} is not a network`);
  return network;
}

/** Of IPv4, with the same addresses within IPv6: mapped ones are known to the list itself, those of NAT64 lead there as well. */
function listOf(networks: readonly Cidr[]): BlockList {
  const list = new BlockList();
  for (const { ip, prefix } of networks) {
    list.addSubnet(ipText(ip), prefix, ip.family === 4 ? 'ipv4' : 'ipv6');
    if (ip.family === 4) list.addSubnet(`64:ff9b::${ipText(ip)}`, 96 + prefix, 'ipv6');
  }
  return list;
}

function isWithin(one: Cidr, whole: Cidr): boolean {
  return one.prefix >= whole.prefix && isInRange(one.ip, whole);
}

function isWhole({ ip, prefix }: Cidr): boolean {
  const free = BigInt((ip.family === 4 ? 32 : 128) - prefix);
  return (ip.bits >> free) << free === ip.bits;
}
