import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { conceal, inWords, judgeHere, observeHere } from '../../../test/builders/observeHere.ts';
import type { SysctlCheck } from '../../api/v1alpha1/systemChecks.ts';
import { sha256 } from '../../lib/digest.ts';
import { sysctl, type SysctlObserved } from './sysctl.ts';
import { pathOf, valueAtBoot } from './sysctlSettings.ts';

const declared: SysctlCheck = { name: 'kernel.randomize_va_space', value: '2' };

describe('comparing', () => {
  const cases: [name: string, more: Partial<SysctlCheck>, observed: SysctlObserved, expected: string][] = [
    ['both values as declared pass', {}, { live: '2', persisted: '2' }, 'pass'],
    ['a value changed by hand differs now', {}, { live: '0', persisted: '2' }, 'live is 0, not 2'],
    ['a value that nothing sets is lost at the next boot', {}, { live: '2' }, 'persisted is not set, not 2'],
    ['only what is in effect may be asked', { scope: 'Live' }, { live: '2' }, 'pass'],
    ['or only the next boot', { scope: 'Persisted' }, { live: '0', persisted: '2' }, 'pass'],
    [
      'white space counts as one blank',
      { value: '4096  87380\t6291456', scope: 'Live' },
      { live: '4096 87380 6291456' },
      'pass',
    ],
    [
      'a key is concealed',
      { name: 'net.ipv4.tcp_fastopen_key', scope: 'Live' },
      { live: 'abc' },
      `live is ${conceal(sha256('abc'))}, not ${conceal(sha256('2'))}`,
    ],
    ['a parameter that the kernel lacks is absent', { scope: 'Live' }, {}, 'live is absent, not 2'],
  ];
  test.each(cases)('%s', (_, more, observed, expected) => {
    expect(inWords(sysctl.compare({ ...declared, ...more }, observed, conceal))).toBe(expected);
  });
});

describe('what was found', () => {
  const cases: [name: string, observed: SysctlObserved, found: SysctlCheck | undefined][] = [
    ['one value for both', { live: '0', persisted: '0' }, { ...declared, value: '0' }],
    ['another live value', { live: '0', persisted: '2' }, { ...declared, value: '0', scope: 'Live' }],
    ['another persisted value', { live: '2', persisted: '0' }, { ...declared, value: '0', scope: 'Persisted' }],
    ['nothing persisted, which cannot be declared', { live: '2' }, undefined],
  ];
  test.each(cases)('%s', (_, observed, found) => {
    expect(sysctl.asFound(declared, observed)).toEqual(found);
  });
});

describe('the next boot', () => {
  const settings = [
    { key: 'net/ipv4/conf/*/rp_filter', value: '2' },
    { key: 'net/ipv4/conf/eth0.1/rp_filter', value: '1' },
    { key: 'net/ipv4/conf/lo/rp_filter' },
    { key: 'kernel/sysrq', value: '16' },
    { key: 'kernel/sysrq', value: '0' },
    { key: 'kernel/[', value: '9' },
  ];
  const cases: [name: string, parameter: string, value: string | undefined][] = [
    ['the last line wins', 'kernel.sysrq', '0'],
    ['a pattern sets what nothing names', 'net.ipv4.conf.eth1.rp_filter', '2'],
    ['a name wins over a pattern, also one with a dot in it', 'net.ipv4.conf.eth0/1.rp_filter', '1'],
    ['a name may be taken out of patterns', 'net.ipv4.conf.lo.rp_filter', undefined],
    ['a wildcard matches one part only', 'net.ipv4.conf.a.b.rp_filter', undefined],
    ['what nothing sets is not set', 'kernel.core_pattern', undefined],
  ];
  test.each(cases)('%s', (_, parameter, value) => {
    expect(valueAtBoot(pathOf(parameter), settings)).toBe(value);
  });
});

describe('on this machine', () => {
  let root = '';
  // The folders of sysctl.d, below a root of the test's own.
  const instead = () =>
    `find() { shift 4; command find ${['etc', 'run', 'usr/local/lib', 'usr/lib']
      .map((folder) => join(root, folder, 'sysctl.d'))
      .join(' ')} "$@"; }`;
  const write = (path: string, text: string) => writeFileSync(join(root, path), text);

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'holdfast-sysctl-'));
    for (const folder of ['etc', 'run', 'usr/lib']) mkdirSync(join(root, folder, 'sysctl.d'), { recursive: true });
    write(
      'usr/lib/sysctl.d/50-default.conf',
      '# of the system\n;\nkernel.sysrq = 16\nnet.ipv4.conf.*.rp_filter=2\n-net.ipv4.conf.all.rp_filter\n',
    );
    write('usr/lib/sysctl.d/60-hidden.conf', 'kernel.sysrq = 1\n');
    symlinkSync('/dev/null', join(root, 'etc/sysctl.d/60-hidden.conf'));
    write(
      'run/sysctl.d/70-run.conf',
      '  -kernel.domainname =  a = b  \r\nnet/ipv4/conf/eth0.1/rp_filter = 1\nnonsense\n',
    );
    write('etc/sysctl.conf', 'kernel.sysrq = 0\n');
    symlinkSync('../sysctl.conf', join(root, 'etc/sysctl.d/99-sysctl.conf'));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test('files are read in the order of sysctl.d(5)', async () => {
    const names = [
      'kernel.sysrq',
      'kernel.domainname',
      'net.ipv4.conf.eth0/1.rp_filter',
      'net.ipv4.conf.lo.rp_filter',
      'net.ipv4.conf.all.rp_filter',
    ];
    const asked = names.map((name) => ({ name, value: '' }));
    const observed = await observeHere('sysctl', asked, { instead: instead() });
    const persisted = observed.map((one) =>
      one.is === 'observed' ? (one.value as SysctlObserved).persisted : one.message,
    );
    expect(persisted).toEqual(['0', 'a = b', '1', '2', undefined]);
  });
  test('live values are whole, with all their parts', async () => {
    const range = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().replace(/\s+/, ' ');
    const asked = [
      { name: 'net.ipv4.ip_local_port_range', value: range, scope: 'Live' as const },
      { name: 'kernel.no_such_thing', value: '1', scope: 'Live' as const },
      { name: 'kernel.//.//.etc.passwd', value: '1' },
    ];
    expect(await judgeHere('sysctl', asked)).toEqual([
      'pass',
      'live is absent, not 1',
      'unknown: kernel/../../etc/passwd is no name of a parameter',
    ]);
  });
  test('what only root may read, or may not be read at all, is unknown', async () => {
    const [answer] = await judgeHere('sysctl', [{ name: 'net.ipv4.route.flush', value: '1', scope: 'Live' }]);
    expect(answer).toBe('unknown: /proc/sys/net/ipv4/route/flush cannot be read');
    const failing = 'awk() { return 2; }';
    expect(await judgeHere('sysctl', [declared], { instead: failing })).toEqual([
      'unknown: the files of sysctl.d cannot be read',
    ]);
  });
});
