import { expect, test } from '@jest/globals';
import { assertHostVariables, assertRunVariables } from './variables.ts';

test('values of a playbook are accepted: text and numbers under lower-case names', () => {
  expect(() =>
    assertRunVariables({ release: '9.4', retries_most: 3, no_proxy: 'x', max_connections: 5 }),
  ).not.toThrow();
});

test.each([
  'ansible_connection',
  'ansible_ssh_common_args',
  'ansible_python_interpreter',
  'ansible_become_exe',
  'ansible_host',
  'ansible_playbook_python',
  'inventory_hostname',
  'hostvars',
  'groups',
  'omit',
  'environment',
  'become_user',
  'delegate_to',
  'holdfast_checks',
])('the variable %s is refused', (name) => {
  expect(() => assertRunVariables({ [name]: 'x' })).toThrow(`The variable "${name}" is refused`);
});

test.each(['Ansible_host', '_ansible_x', 'a-b', 'a b', '', '{{ x }}', 'a'.repeat(65), '__proto__'])(
  'the name %j is refused',
  (name) => {
    expect(() => assertRunVariables(Object.fromEntries([[name, 'x']]))).toThrow('must have a name of at most 64');
  },
);

test.each([[true], [null], [[]], [{ a: 1 }], [Number.NaN], [1.5], [2n ** 53n], ['x'.repeat(4097)]])(
  'the value %j is refused',
  (value) => {
    expect(() => assertRunVariables({ good: value })).toThrow(
      'The value of the variable "good" must be a string of at most 4096 characters or an integer',
    );
  },
);

test('a host may be given lists and our own names, and still no connection variables', () => {
  expect(() => assertHostVariables('web-01', { holdfast_checks: ['motd'], own: { a: [1] } })).not.toThrow();
  expect(() => assertHostVariables('web-01', { ansible_connection: 'local' })).toThrow(/is refused.*"web-01"/);
  expect(() => assertHostVariables('web-01', { hostvars: 1 })).toThrow('is refused');
});
