/**
 * What holds for every check type, whatever it is declared. A type has a row in `rows`: hostile declarations, and answers that do not
 * satisfy them. The last test says which rows are missing.
 */
import { describe, expect, test } from '@jest/globals';
import { conceal, observeHere } from '../../../test/builders/observeHere.ts';
import { projectFiles } from '../../connect/ansible/playbook.ts';
import { repairing } from '../ansibleRun/work.ts';
import type { CheckKey, Declared } from './checkType.ts';
import { exclude } from './claim.ts';
import { checkTypes, type AnyCheckType } from './index.ts';

/** Text that must stay text, as far as the CRD lets it pass. */
const nasty = `$(reboot) \`id\` "'; rm -rf / #{{ lookup('pipe', 'id') }} {% raw %} \\ %s * ü`;
const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILaA7CAY1bUxHx8s2w5JSf4rf35rOWFmvb3n2d1CgGHZ';

interface Row<K extends CheckKey> {
  readonly declared: Declared<K>;
  /** Each of them differs from what is declared. */
  readonly answers: readonly string[];
}

const digest = 'ab'.repeat(32);
const nastyPath = `/etc/${nasty.replaceAll('/', '')}`;
/** An answer of records, with `|` between fields. */
const lines = (...records: readonly string[]) => records.join('\n').replaceAll('|', '\x1f');
const rows: { [K in CheckKey]: readonly Row<K>[] } = {
  file: [
    {
      declared: { path: nastyPath, content: `${nasty}\n\x1f\0`, mode: '0644', owner: 'root' },
      answers: [
        'absent',
        `f\x1f600\x1fapp\x1fapp\x1f7\x1f7\x1f1\x1fno\x1f\x1f\x1f${digest}\x1fyes\x1f`,
        'd\x1f755\x1froot\x1froot\x1f0\x1f0\x1f1\x1fno\x1f\x1f\x1f\x1f\x1f',
      ],
    },
    {
      declared: { path: nastyPath, state: 'Absent' },
      answers: [`f\x1f600\x1fapp\x1fapp\x1f7\x1f7\x1f1\x1fno\x1f\x1f\x1f\x1f\x1f`],
    },
    { declared: { path: nastyPath, type: 'Directory', maxMode: '0750' }, answers: ['absent'] },
  ],
  line: [
    {
      declared: { path: '/etc/x', line: nasty, startsWith: '{{ x }}' },
      answers: [
        'F\x1f/etc/x\x1fabsent\x1fno\nZ\x1f1',
        `F\x1f/etc/x\x1ff:644:0:0:${digest}\x1fyes\nE\x1f3\x1f0\x1f1\x1f0\nZ\x1f2`,
      ],
    },
  ],
  setting: [
    {
      declared: { path: '/etc/login.defs', key: 'PASS_MAX_DAYS', value: nasty },
      answers: [
        `F\x1f/etc/login.defs\x1ff:644:0:0:${digest}\x1fyes\nL\x1f165\x1f\x1fPASS_MAX_DAYS\t99999\nE\x1f402\x1f0\x1f35\x1f0\nZ\x1f3`,
      ],
    },
  ],
  sshd: [
    {
      declared: { option: 'Banner', value: nasty },
      answers: [
        lines(
          'W|next||sshd.service|||/run/sshd.pid||22',
          'W|live|47|sshd.service|no||/run/sshd.pid|100.5|22',
          'M|no|holdfast|holdfast wheel',
          'F|/etc/ssh/sshd_config|100.000000001|90|regular file',
          'F|/proc/self|200|200|directory',
          `S|/etc/ssh/sshd_config|f:600:0:0:${digest}`,
          'V|0|banner|none',
          'V|1|banner|none',
          'E',
        ),
      ],
    },
  ],
  sysctl: [
    {
      declared: { name: 'kernel.core_pattern', value: nasty },
      answers: ['= core', `= core\nf\x1f/etc/sysctl.d/99-sysctl.conf\x1f/etc/sysctl.conf\x1ff:644:0:0:${digest}`],
    },
  ],
  package: [
    {
      declared: { name: 'a+b', minVersion: '1~^2-3' },
      answers: ['installed', 'installed\na+b\x1f0\x1f1~\x1f1\x1fx86_64'],
    },
  ],
  service: [
    {
      declared: { name: 'a\\x2db@c', enabled: true, running: true },
      answers: [
        [
          ...['100', '', '', '', '', '', ''],
          'Id=a\\x2db@c.service\x1dNames=a\\x2db@c.service\x1dLoadState=loaded\x1dUnitFileState=disabled\x1dActiveState=inactive\x1dSubState=dead\x1dType=simple\x1dNRestarts=0\x1dActiveEnterTimestampMonotonic=0\x1dConditionResult=yes\x1dConditionTimestampMonotonic=0\x1dTriggeredBy=\x1dWantedBy=\x1dRequiredBy=',
        ].join('\x1f'),
      ],
    },
  ],
  user: [
    {
      declared: { name: 'app$', shell: '/bin/{{x}}', home: '/srv/$(id)', groups: ['wheel'], locked: true },
      answers: ['absent', '5\x1f60\x1f/usr/games\x1f/usr/sbin/nologin\x1fno\x1fno\x1f\x1fset\x1fhere\x1fno'],
    },
  ],
  group: [{ declared: { name: 'app$', gid: 7 }, answers: ['absent', '60\x1fhere\x1f\x1f\x1f\x1froot\x1f\x1fno\x1f'] }],
  mount: [
    {
      declared: { path: '/mnt/$(id) \\x', source: '{{x}}', type: 'tmpfs', options: ['noexec', 'a=%s'] },
      answers: ['m\x1f1 0 8:1 / / rw,relatime - xfs /dev/sda1 rw\nmemory\x1f1000'],
    },
  ],
  kernelModule: [
    { declared: { name: 'usb-storage' }, answers: ['index\nexit\x1f0\nd\x1finsmod /lib/modules/6/usb-storage.ko'] },
  ],
  selinux: [
    {
      declared: { mode: 'Enforcing' },
      answers: ['live\x1fdisabled\nrelease\x1fVERSION_ID=\"9.4\"\na\x1fquiet\ntype\x1ftargeted\n'],
    },
  ],
  authorizedKeys: [
    {
      declared: { user: 'app', keys: [`command="${nasty.replaceAll('"', '')}" ${key}`] },
      answers: [
        lines(
          'W|next||sshd.service|||/run/sshd.pid||22',
          'M|no|holdfast|holdfast',
          `S|/etc/ssh/sshd_config|f:600:0:0:${digest}`,
          'U|app|1001|1001|/home/app|d',
          'O|strictmodes|yes',
          'K|/home/app/.ssh/authorized_keys|no|absent',
          'C|/home/app/.ssh/authorized_keys|/home/app|d|700|1001|1001|0',
          'C|/home/app/.ssh/authorized_keys|/home|d|755|0|0|0',
          'E',
        ),
      ],
    },
  ],
};

interface Case {
  readonly type: AnyCheckType<CheckKey>;
  readonly declared: Declared<CheckKey>;
  readonly answers: readonly string[];
}
const keys = Object.keys(checkTypes) as CheckKey[];
const cases = keys.flatMap((name) =>
  rows[name].map((row, index): [string, CheckKey, Case] => [
    `${name} ${index + 1}`,
    name,
    { type: checkTypes[name], ...row },
  ]),
);

describe.each(cases)('%s', (_, name, { type, declared, answers }) => {
  test('stands in the table under its own key', () => {
    expect(type.key).toBe(name);
  });

  test('asks without control characters, and ends in no empty argument', () => {
    const words = type.request(declared);
    expect(words.join('')).not.toMatch(/[\0-\x1f\x7f]/);
    expect(words.at(-1)).not.toBe('');
  });

  test('has a script without anything of a declaration, that writes nowhere', () => {
    const programs = [...type.script.matchAll(/'[^']*'/g)].map(([program]) => program).join('\n');
    expect(type.script).not.toContain('$(reboot)');
    expect(type.script.replace(/'[^']*'/g, "''")).not.toMatch(/(?<![-<0-9])>(?!&|\/dev\/null| \d+\))/);
    // In a program of awk, `>` after print is a file, and elsewhere a comparison.
    expect(programs).not.toMatch(/print[^;}\n]*>|\bsystem\(|\|\s*("|getline)/);
  });

  test('decides the same whenever it is asked, in words that can be shown', () => {
    const claims = type.claims(declared);
    expect(type.claims(structuredClone(declared))).toEqual(claims);
    for (const [what, claim] of Object.entries(claims)) {
      expect(what).not.toMatch(/[\0-\x1f\x7f]/);
      expect(exclude(claim, claim)).toBe(false);
    }
  });

  test('is answered on this machine, or the reason why not is told', async () => {
    const [observed] = await observeHere(name, [declared]);
    expect(observed).not.toMatchObject({ message: expect.stringMatching(/no answer|no reason/) });
  });

  for (const answer of answers) {
    test(`is drift for ${JSON.stringify(answer)}, and it is known what can be done about it`, () => {
      const observed = type.parse(answer, declared);
      const comparison = type.compare(declared, observed, conceal);
      expect(comparison.is === 'known' && comparison.differences.length).toBeGreaterThan(0);
      const remedy = type.remedy(declared, observed);
      if (remedy.is === 'manual') {
        expect(remedy.message).toMatch(/^[^\p{C}]{10,500}$/u);
        expect(remedy.message).not.toContain('not yet');
        return;
      }
      expect(remedy.changes.length).toBeGreaterThan(0);
      expect(JSON.parse(JSON.stringify(remedy.changes))).toEqual(remedy.changes);
      expect(remedy.changes.filter(({ seen }) => typeof seen !== 'string' || seen === '')).toEqual([]);
      expect(remedy.changes.map(evaluatedOf)).toEqual(
        remedy.changes.map(() => evaluatedOf({ do: 'folder', path: '/', seen: 'absent' })),
      );
    });
  }
});

/** All text of a run for this change that Ansible would evaluate. */
function evaluatedOf(change: Parameters<typeof repairing>[0][number]['changes'][number]): string[] {
  const generated = repairing([{ device: 'web-01', check: 'check', changes: [change] }], 'uid', []);
  const files = projectFiles({ playbook: generated.playbook }).map(({ text }) => text);
  // Text that is data is written as `!unsafe`.
  return (
    files
      .join('\n')
      .match(/^.*\{\{.*$/gm)
      ?.filter((line) => !/!unsafe/.test(line)) ?? []
  );
}

/** A type without a remedy yet says so of anything. */
function isUnfinished(type: AnyCheckType<CheckKey>): boolean {
  try {
    const remedy = type.remedy({} as never, {});
    return remedy.is === 'manual' && remedy.message === 'not yet';
  } catch {
    return false;
  }
}

test('every type that has a remedy has answers in the table above', () => {
  const missing = keys.filter(
    (name) => !isUnfinished(checkTypes[name]) && !rows[name].some(({ answers }) => answers.length),
  );
  expect(missing).toEqual([]);
});
