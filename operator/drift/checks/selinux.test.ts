import { describe, expect, test } from '@jest/globals';
import { conceal, inWords, observeHere } from '../../../test/builders/observeHere.ts';
import type { SelinuxCheck } from '../../api/v1alpha1/systemChecks.ts';
import { selinux } from './selinux.ts';

const judge = (declared: SelinuxCheck, ...answer: [live: string, config: string, kernelArguments: string]) =>
  selinux.compare(declared, selinux.parse(answer.join('\x1f'), declared), conceal);

describe('comparing', () => {
  const cases: [name: string, declared: SelinuxCheck, answer: [string, string, string], expected: string][] = [
    [
      'a mode that holds now and at the next boot passes',
      { mode: 'Enforcing' },
      ['enforcing', 'enforcing', 'ro quiet'],
      'pass',
    ],
    [
      'setenforce 0 is drift now',
      { mode: 'Enforcing' },
      ['permissive', 'enforcing', ''],
      'live is Permissive, not Enforcing',
    ],
    [
      'an edited file is drift at the next boot',
      { mode: 'Enforcing' },
      ['enforcing', 'Disabled # for now', ''],
      'persisted is Disabled, not Enforcing',
    ],
    [
      'only what is in effect may be asked',
      { mode: 'Enforcing', scope: 'Live' },
      ['enforcing', 'disabled', ''],
      'pass',
    ],
    ['a file that tells no mode leaves SELinux off', { mode: 'Disabled' }, ['disabled', '', ''], 'pass'],
    [
      "the kernel's arguments win over the file",
      { mode: 'Enforcing' },
      ['disabled', 'enforcing', 'ro selinux=0'],
      'live is Disabled, not Enforcing; persisted is Disabled, not Enforcing',
    ],
    [
      'so do those that only enforce',
      { mode: 'Enforcing', scope: 'Persisted' },
      ['enforcing', 'enforcing', 'enforcing=0'],
      'persisted is Permissive, not Enforcing',
    ],
  ];
  test.each(cases)('%s', (_, declared, answer, expected) => {
    expect(inWords(judge(declared, ...answer))).toBe(expected);
  });
  test('messages say what correction cannot do', () => {
    const comparison = judge({ mode: 'Enforcing' }, 'disabled', '', 'selinux=0');
    const messages = comparison.is === 'known' ? comparison.differences.map(({ message }) => message) : [];
    expect(messages).toEqual([expect.stringContaining('reboot'), expect.stringContaining('grubby')]);
  });
});

test('what was found is told for each of the two where they differ', () => {
  const found = (declared: SelinuxCheck, live: string, config: string) =>
    selinux.asFound(declared, selinux.parse(`${live}\x1f${config}\x1f`, declared));
  expect(found({ mode: 'Enforcing' }, 'permissive', 'permissive')).toEqual({ mode: 'Permissive' });
  expect(found({ mode: 'Enforcing' }, 'permissive', 'enforcing')).toEqual({ mode: 'Permissive', scope: 'Live' });
  expect(found({ mode: 'Disabled' }, 'disabled', 'enforcing')).toEqual({ mode: 'Enforcing', scope: 'Persisted' });
});

test('this machine tells its modes', async () => {
  const [observed] = await observeHere('selinux', [{ mode: 'Enforcing' }]);
  expect(observed).toMatchObject({
    is: 'observed',
    value: { live: expect.stringMatching(/^(Disabled|Permissive|Enforcing)$/) },
  });
});
