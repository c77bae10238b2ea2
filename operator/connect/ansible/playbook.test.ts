import { describe, expect, test } from '@jest/globals';
import { expression } from '../../lib/ansibleTask.ts';
import { projectFiles } from './playbook.ts';

const last = `- name: !unsafe "holdfast-end"
  hosts: !unsafe "all"
  gather_facts: false
  tasks:
    - ansible.builtin.meta: !unsafe "noop"
`;

describe('the playbook', () => {
  test('of tasks is one play within its limits, its conditions evaluated and its text not', () => {
    const tasks = [
      {
        name: 'motd',
        when: expression("'motd' in holdfast_checks"),
        block: [
          {
            name: 'file',
            'ansible.builtin.copy': { dest: '/etc/motd', content: '{{ x }}', mode: '0644', owner: undefined },
          },
        ],
      },
    ];
    expect(projectFiles({ playbook: { is: 'tasks', tasks }, serial: 5, maxFailPercentage: 20 })).toEqual([
      {
        name: 'run.yml',
        text: `- name: !unsafe "holdfast"
  hosts: !unsafe "all"
  any_errors_fatal: false
  serial: 5
  max_fail_percentage: 20
  gather_facts: false
  tasks:
    - name: !unsafe "motd"
      when: "'motd' in holdfast_checks"
      block:
        - name: !unsafe "file"
          ansible.builtin.copy:
            dest: !unsafe "/etc/motd"
            content: !unsafe "{{ x }}"
            mode: "0644"
${last}`,
      },
    ]);
  });

  test('of an author stays as it was written, and is imported', () => {
    const text = '- hosts: all\n  roles: ["{{ mine }}"]\n';
    const files = projectFiles({ playbook: { is: 'text', text } });
    expect(files).toEqual([
      { name: 'run.yml', text: `- ansible.builtin.import_playbook: !unsafe "playbook.yml"\n${last}` },
      { name: 'playbook.yml', text },
    ]);
  });

  test.each([
    [
      'a value that is not set',
      '    - name: release\n      prompt: Which?\n',
      /vars_prompt in line 2.*set release in spec\.variables/,
    ],
    ['one of several', '    - name: given\n    - name: "other"\n', /set other in/],
    ['one at the indentation of its key', '  - name: release\n', /set release in/],
    ['a value that is set', '    - name: given\n      private: false\n', undefined],
  ])('of an author is refused where it asks for %s', (_, prompts, message) => {
    const text = `- hosts: all\n  vars_prompt:\n${prompts}  tasks:\n    - name: debug\n      ansible.builtin.debug: {}\n`;
    const made = () => projectFiles({ playbook: { is: 'text', text }, variables: { given: 1 } });
    if (message) expect(made).toThrow(message);
    else expect(made()).toHaveLength(2);
  });

  test('of a role names it in full', () => {
    const files = projectFiles({ playbook: { is: 'role', role: 'acme.linux.hardening' }, serial: 1 });
    expect(files[0]?.text).toContain('serial: 1\n  roles:\n    - role: !unsafe "acme.linux.hardening"\n');
    expect(() => projectFiles({ playbook: { is: 'role', role: '../evil' } })).toThrow('must be named in full');
  });

  test.each([
    ['a condition that is text', { name: 'x', when: "lookup('pipe', 'id')" }, /"when" of a task takes an expression/],
    ['such a condition in a list', { name: 'x', failed_when: [expression('a'), 'b'] }, /"failed_when" of a task takes/],
    ['such a condition in a block', { name: 'x', block: [{ name: 'y', until: 'b' }] }, /"until" of a task takes/],
    ['a block with another name', { name: 'A {{ b }}', block: [] }, /may contain only lowercase letters/],
  ])('refuses %s', (_, task, message) => {
    expect(() => projectFiles({ playbook: { is: 'tasks', tasks: [task] } })).toThrow(message);
  });
});
