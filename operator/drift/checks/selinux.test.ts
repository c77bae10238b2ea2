/** What the test hosts cannot have: SELinux in the kernel. Answers as the script gives them on RHEL 9. */
import { expect, test } from '@jest/globals';
import { conceal, inWords, observeHere } from '../../../test/builders/observeHere.ts';
import type { SelinuxCheck } from '../../api/v1alpha1/systemChecks.ts';
import { selinux } from './selinux.ts';

const host = (live: string, file: string, ...more: string[]) =>
  [
    `live\x1f${live}`,
    'kernel',
    'a\x1fro quiet',
    `c\x1f2\x1fSELINUX=${file}`,
    'type\x1ftargeted',
    'seen\x1ff:644:0:0:ab',
    ...more,
  ].join('\n');
const edit = { do: 'file', path: '/etc/selinux/config', edits: [{ line: 2, drop: true, put: ['SELINUX=enforcing'] }] };
const setenforce = { do: 'kernel', path: '/sys/fs/selinux/enforce', seen: '0', value: '1' };

const cases: [name: string, declared: SelinuxCheck, answer: string, expected: string, remedy: object | undefined][] = [
  [
    'a mode that holds now and at the next boot passes',
    { mode: 'Enforcing' },
    host('enforcing', 'enforcing', 'policy'),
    'pass',
    undefined,
  ],
  [
    'setenforce 0 is drift now, and is taken back',
    { mode: 'Enforcing' },
    host('permissive', 'enforcing', 'policy'),
    'live is Permissive, not Enforcing',
    { changes: [setenforce] },
  ],
  [
    'both are set',
    { mode: 'Enforcing' },
    host('permissive', 'permissive', 'policy'),
    'live is Permissive, not Enforcing; persisted is Permissive, not Enforcing',
    { changes: [edit, setenforce] },
  ],
  [
    'only what is in effect may be asked',
    { mode: 'Enforcing', scope: 'Live' },
    host('enforcing', 'disabled'),
    'pass',
    undefined,
  ],
  [
    'what is off comes on at a boot, with its labels',
    { mode: 'Enforcing' },
    host('disabled', 'disabled', 'policy'),
    'live is Disabled, not Enforcing; persisted is Disabled, not Enforcing',
    { changes: [edit, { path: '/.autorelabel', seen: 'absent' }] },
  ],
  [
    'and then waits for that',
    { mode: 'Enforcing' },
    host('disabled', 'enforcing', 'policy'),
    'live is Disabled, not Enforcing',
    { is: 'manual' },
  ],
  [
    'a host that would not boot does not hold',
    { mode: 'Enforcing' },
    host('enforcing', 'enforcing'),
    'policy is not installed, not targeted',
    { is: 'manual', message: expect.stringContaining('install selinux-policy-targeted') },
  ],
  [
    'an old library may not skip a blank',
    { mode: 'Enforcing' },
    host('enforcing', ' enforcing', 'policy', 'release\x1fVERSION_ID="8.10"'),
    'unknown: /etc/selinux/config has a blank after `SELINUX=`, which the libselinux of this release may not skip: remove it',
    undefined,
  ],
];
test.each(cases)('%s', (_, declared, answer, expected, remedy) => {
  const observed = selinux.parse(answer, declared);
  expect(inWords(selinux.compare(declared, observed, conceal))).toBe(expected);
  if (remedy) expect(selinux.remedy(declared, observed)).toMatchObject(remedy);
});

test('a mode that is in effect is told by the kernel, and by nothing else', async () => {
  const edit = (script: string) =>
    script
      .replaceAll('read -r context </proc/self/attr/current', 'context=system_u:system_r:init_t:s0')
      .replaceAll('read -r value </sys/fs/selinux/enforce', 'value=1');
  const [observed] = await observeHere('selinux', [{ mode: 'Enforcing' }], { edit });
  expect(observed).toMatchObject({ is: 'observed', value: { live: 'Enforcing' } });
});
