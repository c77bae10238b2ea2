/** What holds for every check type, whatever it is declared. */
import { describe, expect, test } from '@jest/globals';
import { conceal, observeHere } from '../../../test/builders/observeHere.ts';
import type { CheckKey, Declared } from './checkType.ts';
import { checkTypes, type AnyCheckType } from './index.ts';
import { correctTasks, keepTasks, restoreTasks } from './tasks.ts';

const nasty = `$(reboot) \`id\` "'; rm -rf / #{{ lookup('pipe', 'id') }} {% raw %} \\ %s * ü`;
const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILaA7CAY1bUxHx8s2w5JSf4rf35rOWFmvb3n2d1CgGHZ';

/** Declarations with text that must stay text, as far as the CRD lets it pass, and answers that do not satisfy them. */
const hostile: { [K in CheckKey]: { declared: Declared<K>; answers: readonly string[] } } = {
  file: {
    declared: { path: `/etc/${nasty.replaceAll('/', '')}`, content: `${nasty}\n\x1f\0`, mode: '0644', owner: 'root' },
    answers: ['absent', `f\x1f600\x1fapp\x1fapp\x1f1\x1f${'ab'.repeat(32)}\x1fyes\x1f`],
  },
  line: {
    declared: { path: '/etc/x', line: nasty, startsWith: '{{ x }}' },
    answers: [
      'absent',
      'no\x1f0\x1fyes\x1f',
      `yes\x1f1\x1fyes\x1f${Buffer.from('{{ x }} {{ 7*7 }}').toString('base64')}`,
    ],
  },
  sshd: { declared: { option: 'Banner', value: nasty }, answers: ['\nnone'] },
  sysctl: {
    declared: { name: 'kernel.core_pattern', value: nasty },
    answers: ['=core\nkernel/core_pattern\x1f=\x1fcore', '=core'],
  },
  package: { declared: { name: 'a+b', minVersion: '1~^2-3' }, answers: ['', '\n0\x1f0.9\x1f1'] },
  service: {
    declared: { name: 'a\\x2db@c', enabled: true, running: true },
    answers: ['Names=a\\x2db@c.service\nLoadState=loaded\nUnitFileState=disabled\nActiveState=failed'],
  },
  user: {
    declared: { name: 'app$', shell: '/bin/{{x}}', home: '/srv/$(id)', groups: ['wheel'], locked: true },
    answers: ['absent', '1\x1f/home/app\x1f/bin/sh\x1fwheel\x1fno'],
  },
  group: { declared: { name: 'app$', gid: 7 }, answers: ['absent', '8'] },
  mount: {
    declared: { path: '/mnt/$(id) \\x', source: '{{x}}', type: 'tmpfs', options: ['noexec', 'a=%s'] },
    answers: ['rw - tmpfs {{x}} rw,a=%s\x1fno'],
  },
  kernelModule: { declared: { name: 'usb-storage' }, answers: ['yes\x1fyes\x1fno'] },
  selinux: { declared: { mode: 'Enforcing' }, answers: ['permissive\x1fpermissive\x1f', 'disabled\x1fenforcing\x1f'] },
  authorizedKeys: {
    declared: { user: 'app', keys: [`command="${nasty.replaceAll('"', '')}" ${key}`] },
    answers: ['present', `present\n${Buffer.from(`${key} {{ x }}`).toString('base64')}`],
  },
};

interface Case {
  type: AnyCheckType<CheckKey>;
  declared: Declared<CheckKey>;
  answers: readonly string[];
}
const cases = (Object.keys(checkTypes) as CheckKey[]).map((name): [CheckKey, Case] => [
  name,
  { type: checkTypes[name], ...hostile[name] },
]);

describe.each(cases)('%s', (name, { type, declared, answers }) => {
  test('stands in the table under its own key', () => {
    expect(type.key).toBe(name);
  });
  test('asks without control characters, and ends in no empty argument', () => {
    const words = type.request(declared);
    expect(words.join('')).not.toMatch(/[\0-\x1f\x7f]/);
    expect(words.at(-1)).not.toBe('');
  });
  test('has a script without anything of a declaration, that writes nowhere', () => {
    expect(type.script).not.toMatch(/\$\(reboot\)|(?<![<0-9])>(?!&|\/dev\/null)/);
  });
  test('is drift for each of these answers, and what was found would satisfy them', () => {
    for (const answer of answers) {
      const observed = type.parse(answer, declared);
      const comparison = type.compare(declared, observed, conceal);
      expect([answer, comparison.is === 'known' && comparison.differences.length > 0]).toEqual([answer, true]);
      const found = type.asFound(declared, observed);
      if (found)
        expect([answer, type.compare(found, observed, conceal)]).toEqual([answer, { is: 'known', differences: [] }]);
    }
  });
  test('corrects without letting Ansible evaluate anything declared', () => {
    const tasks = [
      ...type.correct(declared),
      ...(type.keep?.(declared, '/undo') ?? []),
      ...(type.restore?.(declared, '/undo') ?? []),
    ];
    expect(tasks.length).toBeGreaterThan(0);
    const texts = [...evaluated(tasks)];
    expect(texts.filter((text) => /reboot|lookup|wheel|usb|app|srv/.test(text))).toEqual([]);
    const withoutNames = tasks.map(({ name: _, register: __, ...rest }) => rest);
    expect(JSON.stringify(withoutNames)).not.toMatch(/ansible\.builtin\.(shell|raw|script)/);
  });
  test('is answered on this machine, or the reason why not is told', async () => {
    const [observed] = await observeHere(name, [declared]);
    expect(observed).not.toMatchObject({ message: expect.stringMatching(/no answer|no reason/) });
  });
});

/** Every text that Ansible would evaluate. */
function* evaluated(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  if ('expression' in value) yield String(value.expression);
  else for (const member of Object.values(value)) yield* evaluated(member);
}

test('what lies at a path that Ansible would change is not touched', () => {
  const path = '/srv/$HOME/file';
  for (const check of [
    { name: 'file', file: { path, content: '' } },
    { name: 'line', line: { path, line: 'x' } },
    { name: 'home', user: { name: 'app', home: path } },
  ]) {
    expect([...keepTasks(check, '/undo'), ...correctTasks(check), ...restoreTasks(check, '/undo')]).toEqual([]);
  }
});
