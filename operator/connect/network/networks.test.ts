import { describe, expect, test } from '@jest/globals';
import { cidrOf, ipText, isInRange, type Cidr } from '../../lib/ipAddress.ts';
import { seeded } from '../../../test/builders/seeded.ts';
import { mayReach, networksIn } from './networks.ts';

const networks = (text: string): readonly Cidr[] => networksIn(text)!;

function reaches(allowed = '', denied = '', own = '') {
  return mayReach({ allowed: networks(allowed), denied: networks(denied), own: networks(own) });
}

describe('by default', () => {
  test.each([
    ['loopback', ['127.0.0.1', '127.255.255.254', '::1']],
    ['unspecified', ['0.0.0.0', '0.1.2.3', '::']],
    ['link-local', ['169.254.0.1', 'fe80::1', 'febf::1', 'fe80::1%eth0']],
    [
      'the metadata of a cloud',
      ['169.254.169.254', '168.63.129.16', '100.100.100.200', 'fd00:ec2::254', 'fd20:ce::254'],
    ],
    ['multicast and broadcast', ['224.0.0.1', '239.1.1.1', '255.255.255.255', '250.0.0.1', 'ff02::1']],
    ['IPv4 within IPv6, mapped', ['::ffff:127.0.0.1', '::ffff:7f00:1', '0:0:0:0:0:ffff:a9fe:a9fe', '0::ffff:7f00:1']],
    ['IPv4 within IPv6, deprecated', ['::127.0.0.1', '::169.254.169.254', '::7f00:1']],
    [
      'IPv4 within IPv6, translated',
      ['64:ff9b::7f00:1', '64:ff9b::169.254.169.254', '64:ff9b:1::1', '::ffff:0:7f00:1'],
    ],
    ['IPv4 within IPv6, tunneled', ['2002:7f00:1::', '2001:0:1::1']],
    ['what is no address', ['', 'localhost', '127.1', '2130706433', '0177.0.0.1', '0x7f.1', '10.0.0.1/32']],
  ])('%s is denied', (_, addresses) => {
    const may = reaches();
    expect(addresses.filter((address) => may(address))).toEqual([]);
  });

  test.each([
    '10.0.0.1',
    '192.168.1.1',
    '172.16.0.1',
    '100.64.0.1',
    '8.8.8.8',
    '169.253.255.255',
    '169.255.0.0',
    '223.255.255.255',
  ])('hosts at %s are reached, and so they are over NAT64', (address) => {
    const may = reaches();
    expect([may(address), may(`64:ff9b::${address}`), may(`::ffff:${address}`)]).toEqual([true, true, true]);
  });

  test.each(['fd00::1', '2001:db8::1', '2600::1', 'fd00:ec2::253'])('hosts at %s are reached', (address) => {
    expect(reaches()(address)).toBe(true);
  });
});

describe('networks that are named', () => {
  test('are the only ones', () => {
    const may = reaches('10.1.0.0/16,fd00:1::/32');
    expect(['10.1.2.3', '64:ff9b::10.1.2.3', 'fd00:1::1'].map(may)).toEqual([true, true, true]);
    expect(['10.2.0.1', '8.8.8.8', '64:ff9b::8.8.8.8', 'fd00:2::1'].map(may)).toEqual([false, false, false, false]);
  });

  test('include no special one that they do not name', () => {
    for (const all of ['0.0.0.0/0,::/0', '126.0.0.0/7,168.0.0.0/7,fe00::/9']) {
      const may = reaches(all);
      expect(['127.0.0.1', '169.254.169.254', '::1', '::ffff:127.0.0.1', 'fe80::1'].filter(may)).toEqual([]);
    }
  });

  test('open a special one as far as they go, and not the metadata within it', () => {
    const may = reaches('127.0.0.0/8,169.254.0.0/16');
    expect(['127.0.0.1', '127.9.9.9', '::ffff:127.0.0.1', '169.254.1.1'].map(may)).toEqual([true, true, true, true]);
    expect(['::1', '169.254.169.254', '169.254.170.2', '10.0.0.1'].filter(may)).toEqual([]);
    expect(reaches('169.254.169.254/32')('169.254.169.254')).toBe(true);
    expect(['127.0.0.1', '127.0.0.2'].map(reaches('127.0.0.1/32'))).toEqual([true, false]);
    expect(reaches('::1/128')('::1')).toBe(true);
  });

  test('are denied though they are allowed', () => {
    const may = reaches('10.0.0.0/8,127.0.0.0/8', '10.1.0.0/16,127.0.0.0/30');
    expect(['10.1.2.3', '64:ff9b::10.1.2.3', '::ffff:10.1.2.3', '127.0.0.1'].filter(may)).toEqual([]);
    expect(may('10.2.0.1')).toBe(true);
  });

  test('of the cluster are denied like special ones', () => {
    const may = reaches('10.0.0.0/8,10.96.0.10/32', '', '10.96.0.0/12,10.128.0.0/14');
    expect(['10.96.0.1', '10.130.0.1'].filter(may)).toEqual([]);
    expect([may('10.1.0.1'), may('10.96.0.10')]).toEqual([true, true]);
    expect(reaches('', '', '10.96.0.0/12')('10.96.0.1')).toBe(false);
  });
});

test.each([
  ['', 0],
  ['10.0.0.0/8', 1],
  [' 10.0.0.0/8, fd00::/8 ,', 2],
  ['0.0.0.0/0,::/0', 2],
])('%j is a list of networks', (text, count) => {
  expect(networksIn(text)).toHaveLength(count);
});

test.each([
  '10.0.0.1',
  '10.0.0.1/8',
  '10.0.0.0/33',
  '10/8',
  '010.0.0.0/8',
  'fe80::%eth0/10',
  '::ffff:10.0.0.0/104',
  'x',
  '10.0.0.0/8;fd00::/8',
])('%j is none', (text) => {
  expect(networksIn(text)).toBeUndefined();
});

test('every prefix has its own addresses and no others', () => {
  const random = seeded(7);
  const bits = (width: number): bigint =>
    Array.from({ length: width / 16 }, () => BigInt(Math.floor(random() * 65_536))).reduce(
      (all, one) => (all << 16n) | one,
      0n,
    );
  for (let prefix = 1; prefix <= 128; prefix += 1) {
    for (const [family, width, start] of [
      [4, 32, 10n << 24n],
      [6, 128, 0x2600n << 112n],
    ] as const) {
      if (prefix > width) continue;
      const free = BigInt(width - prefix);
      const ip = { family, bits: (start >> free) << free };
      const network = cidrOf(`${ipText(ip)}/${prefix}`)!;
      const may = mayReach({ allowed: [network], denied: [], own: [] });
      const near = [ip.bits, ip.bits + (1n << free), ip.bits - 1n, ip.bits | (bits(width) & ((1n << free) - 1n))];
      for (const one of near.map((each) => ({ family, bits: BigInt.asUintN(width, each) })))
        if (mayReach({ allowed: [], denied: [], own: [] })(ipText(one)))
          expect({ prefix, at: ipText(one), may: may(ipText(one)) }).toEqual({
            prefix,
            at: ipText(one),
            may: isInRange(one, network),
          });
    }
  }
});
