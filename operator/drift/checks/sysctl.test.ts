import { describe, expect, test } from '@jest/globals';
import { conceal, inWords, compareHere } from '../../../test/builders/observeHere.ts';
import type { SysctlCheck } from '../../api/v1alpha1/systemChecks.ts';
import { sha256 } from '../../lib/digest.ts';
import { sysctl } from './sysctl.ts';

const declared: SysctlCheck = { name: 'kernel.randomize_va_space', value: '2' };
const set = (value: string, key = 'kernel/randomize_va_space', file = '/etc/sysctl.d/70-a.conf') =>
  `s\x1f${file}\x1f3\x1f${key}\x1f=\x1f${value}`;
const seen = 'f\x1f/etc/sysctl.d/70-a.conf\x1f/etc/sysctl.d/70-a.conf\x1ff:644:0:0:ab';

const compared = (check: SysctlCheck, ...answer: string[]) =>
  inWords(sysctl.compare(check, sysctl.parse(answer.join('\n'), check), conceal));
const remedy = (check: SysctlCheck, ...answer: string[]) =>
  sysctl.remedy(check, sysctl.parse(answer.join('\n'), check));

describe('comparing', () => {
  const cases: [name: string, more: Partial<SysctlCheck>, answer: string[], expected: string][] = [
    ['both values as declared pass', {}, ['=2', set('2')], 'pass'],
    ['a value changed by hand differs now', {}, ['=0', set('2')], 'live is 0, not 2'],
    ['a value that nothing sets is lost at the next boot', {}, ['=2'], 'persisted is not set, not 2'],
    [
      'files are read by their names',
      {},
      ['=2', set('0', undefined, '/usr/lib/sysctl.d/80.conf'), set('2')],
      'persisted is 0, not 2',
    ],
    ['only what is in effect may be asked', { scope: 'Live' }, ['=2'], 'pass'],
    ['or only the next boot', { scope: 'Persisted' }, ['=0', set('2')], 'pass'],
    [
      'white space counts as one blank',
      { value: '4096  87380\t6291456', scope: 'Live' },
      ['= 4096\t87380\t6291456'],
      'pass',
    ],
    [
      'a key is concealed',
      { name: 'net.ipv4.tcp_fastopen_key', scope: 'Live' },
      ['=abc'],
      `live is ${conceal(sha256('abc'))}, not ${conceal(sha256('2'))}`,
    ],
    ['a parameter that the kernel lacks is absent', { scope: 'Live' }, ['absent'], 'live is absent, not 2'],
  ];
  test.each(cases)('%s', (_, more, answer, expected) => {
    expect(compared({ ...declared, ...more }, ...answer)).toBe(expected);
  });
  test('a host with lines without end stops nothing', () => {
    const pattern = (at: number) => set('1', `net/ipv4/conf/${'*a'.repeat(20)}${at}/rp_filter`);
    const named = set('1', `net/ipv4/conf/${'a'.repeat(60)}/rp_filter`);
    const check: SysctlCheck = { name: 'net.ipv4.conf.all.rp_filter', value: '1' };
    const lines = (count: number) => Array.from({ length: count }, (_, at) => pattern(at));
    expect(compared(check, '=1', set('1', 'net/ipv4/conf/all/rp_filter'), named, ...lines(400))).toBe('pass');
    expect(() => compared(check, '=1', ...lines(1001))).toThrow('1001 lines');
  });
  test('an answer of another form is refused', () => {
    expect(() => sysctl.parse('2', declared)).toThrow('live value');
    expect(() => sysctl.parse('=2\nx', declared)).toThrow('something unexpected');
  });
});

describe('correcting', () => {
  test('sets what differs alone, the live value first', () => {
    expect(remedy(declared, '=0', set('1'), seen)).toEqual({
      is: 'changes',
      changes: [
        { do: 'kernel', path: '/proc/sys/kernel/randomize_va_space', seen: '0', value: '2' },
        {
          do: 'file',
          path: '/etc/sysctl.d/70-a.conf',
          seen: 'f:644:0:0:ab',
          edits: [{ line: 3, drop: true, put: ['kernel.randomize_va_space = 2'] }],
        },
      ],
    });
    expect(remedy(declared, '=0', set('2'), seen)).toMatchObject({ changes: [{ do: 'kernel' }] });
  });
  test('sets nothing that cannot be taken back', () => {
    const check: SysctlCheck = { name: 'kernel.kexec_load_disabled', value: '1' };
    expect(remedy(check, '=0')).toMatchObject({ is: 'manual', message: expect.stringContaining('scope: Persisted') });
    expect(remedy({ ...check, scope: 'Persisted' }, '=0')).toMatchObject({ is: 'changes' });
  });
  test('leaves a crowd of interfaces to a person', () => {
    const check: SysctlCheck = { name: 'net.ipv4.conf.all.send_redirects', value: '0', scope: 'Live' };
    const interfaces = Array.from({ length: 20 }, (_, at) => `i\x1fveth${at}\x1f1\x1f0`);
    expect(compared(check, '=0', ...interfaces)).toBe('live on veth0, veth1, veth2, veth3 and 16 more is 1, not 0');
    expect(remedy(check, '=0', ...interfaces)).toMatchObject({
      is: 'manual',
      message: expect.stringContaining('conf.default.'),
    });
  });
});

test('this machine tells a value whole, and refuses a name that leaves /proc/sys', async () => {
  const asked: SysctlCheck[] = [
    { name: 'kernel.no_such_thing', value: '1', scope: 'Live' },
    { name: 'kernel.//.//.etc.passwd', value: '1' },
  ];
  expect(await compareHere('sysctl', asked)).toEqual([
    'live is absent, not 1',
    'unknown: kernel/../../etc/passwd is not the name of a parameter',
  ]);
});
