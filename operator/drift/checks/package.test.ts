import { describe, expect, test } from '@jest/globals';
import { conceal, inWords, compareHere } from '../../../test/builders/observeHere.ts';
import type { PackageCheck } from '../../api/v1alpha1/systemChecks.ts';
import { parseRpmVersion } from '../../lib/rpmVersion.ts';
import { rpmPackage } from './package.ts';

const name = 'openssh';

function observedOf(word: 'installed' | 'provided', installed: readonly string[], named = name) {
  const rows = installed.map((text) => {
    const [version = '', arch = 'x86_64'] = text.split(' ');
    const { epoch, version: main, release = '1' } = parseRpmVersion(version);
    return `\n${[named, epoch, main, release, arch].join('\x1f')}`;
  });
  return rpmPackage.parse(word + rows.join(''), { name });
}

describe('comparing', () => {
  const cases: [name: string, declared: Omit<PackageCheck, 'name'>, installed: string[], expected: string][] = [
    ['an installed package passes', {}, ['9.6p1-3.el9'], 'pass'],
    ['one that is not installed is absent', {}, [], 'state is absent, not present'],
    [
      'one that must not be installed is told with its version',
      { state: 'Absent' },
      ['9.6p1-3.el9'],
      'state is 9.6p1-3.el9, not absent',
    ],
    ['one that is not installed is absent, as it must', { state: 'Absent' }, [], 'pass'],
    ['a newer release will do', { minVersion: '9.6p1-3' }, ['9.6p1-10.el9'], 'pass'],
    ['any release of the version will do', { minVersion: '9.6p1' }, ['9.6p1-3.el9'], 'pass'],
    ['an older version is told', { minVersion: '9.10' }, ['9.9-1'], 'version is 9.9-1, not 9.10 or newer'],
    ['a release candidate is older', { minVersion: '2.0' }, ['2.0~rc1-1'], 'version is 2.0~rc1-1, not 2.0 or newer'],
    [
      'an epoch that is not declared does not count',
      { minVersion: '3.0' },
      ['1:2.0-1'],
      'version is 1:2.0-1, not 3.0 or newer',
    ],
    ['one that is decides before the version', { minVersion: '0:3.0' }, ['1:2.0-1'], 'pass'],
    ['nor does it in the very version', { version: '2.0-1' }, ['1:2.0-1'], 'pass'],
    [
      'of several installed any will do',
      { minVersion: '5.14.0-400' },
      ['5.14.0-362', '5.14.0-427', '5.14.0-70'],
      'pass',
    ],
    ['so for the very version', { version: '5.14.0-362' }, ['5.14.0-362', '5.14.0-427'], 'pass'],
    [
      'each architecture counts by itself',
      { minVersion: '2' },
      ['2-1 x86_64', '1-1 i686'],
      'version is 1-1, not 2 or newer',
    ],
    [
      'a newer one than the very version does not',
      { version: '9.6p1-3.el9' },
      ['9.7p1-1'],
      'version is 9.7p1-1, not 9.6p1-3.el9',
    ],
    ['an absent package has no version', { version: '1' }, [], 'version is absent, not 1'],
  ];
  test.each(cases)('%s', (_, declared, installed, expected) => {
    const observed = observedOf(installed.length ? 'installed' : 'provided', installed);
    expect(inWords(rpmPackage.compare({ name, ...declared }, observed, conceal))).toBe(expected);
  });
});

describe('correcting', () => {
  test('what is seen is told as the host will tell it again', () => {
    const remedy = rpmPackage.remedy(
      { name, version: '3' },
      observedOf('installed', ['1:2.0-1 x86_64', '1:2.0-1 i686']),
    );
    expect(remedy).toEqual({
      is: 'changes',
      changes: [{ do: 'package', name, version: '3', seen: 'openssh-1:2.0-1.i686 openssh-1:2.0-1.x86_64' }],
    });
  });
  test('what only another package provides is for a person', () => {
    expect(rpmPackage.remedy({ name, state: 'Absent' }, observedOf('provided', ['2.0-1'], 'dropbear'))).toMatchObject({
      is: 'manual',
      message: expect.stringContaining('provided by dropbear'),
    });
  });
  test('what Holdfast needs is not removed', () => {
    const observed = rpmPackage.parse('installed\nsudo\x1f0\x1f1\x1f1\x1fx86_64', { name: 'sudo' });
    expect(rpmPackage.remedy({ name: 'sudo', state: 'Absent' }, observed).is).toBe('manual');
  });
});

describe('asking', () => {
  const row = (...fields: string[]) => fields.join('\\037');
  const release = row('redhat-release', '0', '9.4', '1', 'noarch', ',redhat-release,system-release,');
  const asked = [{ name: 'bash', version: '5.1-2' }, { name: 'tool', state: 'Absent' as const }, { name: 'mta' }];
  const answers = (installed: string, providers: string, code = 2) =>
    `rpm() { case $* in *whatprovides*) printf '${providers}'; return ${code} ;; *) printf '${installed}'; return ${code} ;; esac; }`;
  const missing = 'package tool is not installed\\npackage mta is not installed\\n';

  test('rpm is asked once for all, and once more for what is not installed', async () => {
    const postfix = row('postfix', '2', '3.5', '1', 'x86_64', ',mta,postfix,');
    const instead = answers(
      `${row('bash', '0', '5.1', '2', 'x86_64')}\\n${missing}`,
      `${release}\\n${postfix}\\nno package provides tool\\n`,
    );
    expect(await compareHere('package', asked, { instead })).toEqual(['pass', 'pass', 'pass']);
  });
  test('an empty database makes nothing absent', async () => {
    const instead = answers(missing + 'package bash is not installed\\n', 'no package provides system-release\\n', 1);
    const [, absent] = await compareHere('package', asked, { instead });
    expect(absent).toMatch('unknown: nothing in the RPM database provides system-release');
  });
  test.each([
    [
      'an error',
      `printf '${missing}error: cannot open Packages database\\n'; return 1`,
      /^unknown: rpm failed: cannot open/,
    ],
    ['a line that is not understood', `printf 'half of'; return 0`, /^unknown: rpm printed unexpected output/],
    ['an end without a word', 'return 1', /^unknown: rpm exited with code 1/],
    [
      'a library that is gone',
      `echo 'rpm: error while loading shared libraries: librpm.so.9' >&2; return 127`,
      /^unknown: rpm /,
    ],
    [
      'half of the answer',
      `printf '${row('bash', '0', '5.1', '2', 'x86_64')}\\n'; return 0`,
      /^unknown: rpm did not report tool/,
    ],
  ])('%s makes nothing absent', async (_, body, why) => {
    const [, absent] = await compareHere('package', asked, { instead: `rpm() { ${body}; }` });
    expect(absent).toMatch(why);
  });
  test('where there is no rpm, nothing is known', async () => {
    expect(await compareHere('package', [{ name: 'bash' }], { instead: 'command() { return 1; }' })).toEqual([
      'unknown: rpm is not installed',
    ]);
  });
  test('an answer that makes no sense is refused', () => {
    expect(() => rpmPackage.parse('installed\nx\x1f(none)\x1f1\x1f1\x1fnoarch', { name })).toThrow('epoch');
    expect(() => rpmPackage.parse('', { name })).toThrow('neither');
  });
});
