import { describe, expect, test } from '@jest/globals';
import { conceal, inWords, judgeHere } from '../../../test/builders/observeHere.ts';
import type { PackageCheck } from '../../api/v1alpha1/systemChecks.ts';
import { parseRpmVersion } from '../../lib/rpmVersion.ts';
import { rpmPackage } from './package.ts';

const name = 'openssh';

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
    ['an epoch decides before the version', { minVersion: '3.0' }, ['1:2.0-1'], 'pass'],
    [
      'of several installed the newest counts',
      { minVersion: '5.14.0-400' },
      ['5.14.0-362', '5.14.0-427', '5.14.0-70'],
      'pass',
    ],
    ['the very version passes', { version: '9.6p1-3.el9' }, ['9.6p1-3.el9'], 'pass'],
    [
      'a newer one than the very version does not',
      { version: '9.6p1-3.el9' },
      ['9.7p1-1'],
      'version is 9.7p1-1, not 9.6p1-3.el9',
    ],
    ['an absent package has no version', { version: '1' }, [], 'version is absent, not 1'],
  ];
  test.each(cases)('%s', (_, declared, installed, expected) => {
    const answer = installed
      .map(parseRpmVersion)
      .map(({ epoch, version, release }) => `\n${epoch}\x1f${version}\x1f${release}`);
    const observed = rpmPackage.parse(answer.join(''), { name });
    expect(inWords(rpmPackage.compare({ name, ...declared }, observed, conceal))).toBe(expected);
  });
});

test('what was found is the very version, so that it can be put back', () => {
  const observed = rpmPackage.parse('\n1\x1f2.0\x1f3', { name });
  expect(rpmPackage.asFound({ name, minVersion: '3' }, observed)).toEqual({ name, version: '1:2.0-3' });
});

describe('asking', () => {
  const row = (...fields: string[]) => fields.join('\\037');
  test('rpm is asked once for all; a name that is the beginning of another is not it', async () => {
    const instead = `rpm() { printf '${row('bash', '0', '5.1', '2')}\\npackage tool is not installed\\n${row('tool-extra', '2', '1', '1')}\\n'; }`;
    expect(
      await judgeHere(
        'package',
        [{ name: 'bash', version: '5.1-2' }, { name: 'tool' }, { name: 'tool-extra', minVersion: '2:1' }],
        { instead },
      ),
    ).toEqual(['pass', 'state is absent, not present', 'pass']);
  });
  test('a database that cannot be read makes nothing absent', async () => {
    const instead = `rpm() { echo 'error: cannot open Packages database in /var/lib/rpm' >&2; echo 'package bash is not installed'; return 1; }`;
    expect(await judgeHere('package', [{ name: 'bash', state: 'Absent' }], { instead })).toEqual([
      'unknown: rpm failed: cannot open Packages database in /var/lib/rpm',
    ]);
  });
  test('where there is no rpm, nothing is known', async () => {
    expect(await judgeHere('package', [{ name: 'bash' }], { instead: 'command() { return 1; }' })).toEqual([
      'unknown: rpm is not installed',
    ]);
  });
  test('an answer that makes no sense is refused', () => {
    expect(() => rpmPackage.parse('\n(none)\x1f1\x1f1', { name })).toThrow('epoch');
  });
});
