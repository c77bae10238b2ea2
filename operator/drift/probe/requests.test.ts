import { expect, test } from '@jest/globals';
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';
import { mostBytes, requestsFor } from './requests.ts';

const aslr: DeviceCheck = { name: 'aslr', sysctl: { name: 'kernel.randomize_va_space', value: '2' } };
const aslrToo: DeviceCheck = { ...aslr, name: 'other', severity: 'Low' };
const telnet: DeviceCheck = { name: 'telnet', package: { name: 'telnet-server', state: 'Absent' } };
const forwarding: DeviceCheck = { name: 'forwarding', sysctl: { name: 'net.ipv4.ip_forward', value: '0' } };

test('requests are put together by type, each with its index, and equal ones are asked once', () => {
  const { input, asked, places } = requestsFor([aslr, telnet, aslrToo, forwarding], 'n0nce');
  expect(input.split('\n').map((line) => line.split('\x1f'))).toEqual([
    ['BEGIN', 'n0nce'],
    ['placed', expect.stringMatching(/^\/etc\/sysctl.d\/99-zz-holdfast.conf .* \/etc\/sysctl.conf$/)],
    ['facts', '1'],
    ['0'],
    ['sysctl', '2'],
    ['1', 'kernel/randomize_va_space', '2'],
    ['3', 'net/ipv4/ip_forward', '0'],
    ['package', '1'],
    ['2', 'telnet-server'],
    ['END', 'n0nce'],
    [''],
  ]);
  expect(asked).toEqual({ nonce: 'n0nce', requests: 4, types: 3 });
  expect(places).toEqual([1, 2, 1, 3]);
});

test('what several types must know is asked before them, with the words of all', () => {
  const root: DeviceCheck = { name: 'root', sshd: { option: 'PermitRootLogin', value: 'no' } };
  const keys: DeviceCheck = { name: 'keys', authorizedKeys: { user: 'ops', keys: [] } };
  const { input, asked } = requestsFor([aslr, keys, root], 'n0nce');
  const [, placed, look = '', ...rest] = input.split('\n');
  expect(placed).toMatch(/^placed\x1f.* \/etc\/sysctl.conf \/etc\/ssh\/sshd_config$/);
  expect(look).toMatch(/^sshdFound\x1f/);
  const words = look.slice('sshdFound\x1f'.length).split(' ');
  expect(words).toEqual(expect.arrayContaining(['permitrootlogin', 'authorizedkeysfile', 'allowusers']));
  expect(new Set(words).size).toBe(words.length);
  expect(rest.map((line) => line.split('\x1f')[0])).toEqual([
    'facts',
    '0',
    'sysctl',
    '1',
    'authorizedKeys',
    '2',
    'sshd',
    '3',
    'END',
    '',
  ]);
  expect(asked).toEqual({ nonce: 'n0nce', requests: 4, types: 4 });
});

test('without checks the facts are asked', () => {
  expect(requestsFor([], 'n0nce')).toEqual({
    input: 'BEGIN\x1fn0nce\nfacts\x1f1\n0\nEND\x1fn0nce\n',
    asked: { nonce: 'n0nce', requests: 1, types: 1 },
    types: [],
    places: [],
  });
});

test('a check that cannot be asked is told, and does not keep the others from being asked', () => {
  const injected: DeviceCheck = { name: 'bad', package: { name: 'a\nEND\x1fn0nce' } };
  const empty: DeviceCheck = { name: 'empty' };
  const { input, places } = requestsFor([injected, empty, telnet], 'n0nce');
  expect(places).toEqual([
    expect.stringContaining('control character'),
    expect.stringContaining('declares no requirement'),
    1,
  ]);
  expect(input.match(/^END/gm)).toHaveLength(1);
});

test('no more is asked of a host than may be, whoever declares it, and equal requests cost nothing', () => {
  const long = (index: number): DeviceCheck => ({
    name: `long-${index}`,
    line: { path: '/etc/motd', line: `${index}${'ü'.repeat(1000)}` },
  });
  const checks = Array.from({ length: 300 }, (_, index) => long(index));
  const { input, places } = requestsFor([aslr, ...checks, aslrToo, long(0)], 'n0nce');
  expect(Buffer.byteLength(input)).toBeLessThanOrEqual(mostBytes);
  expect(Buffer.byteLength(input)).toBeGreaterThan(mostBytes / 2);
  expect(places[300]).toEqual(expect.stringContaining('declare fewer or shorter ones'));
  expect(places.slice(-2)).toEqual([1, 2]);
});
