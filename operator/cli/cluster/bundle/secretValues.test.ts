import { expect, test } from '@jest/globals';
import { redacted } from './secretValues.ts';

const same = (text: string): string => text;

test.each<[string, unknown, unknown]>([
  [
    'a check that is sensitive keeps where it is',
    { name: 'a', setting: { path: '/etc/x', key: 'pin', value: '1234', sensitive: true } },
    { name: 'a', setting: { path: '/etc/x', key: 'pin', value: 'REDACTED', sensitive: true } },
  ],
  [
    'so does a file',
    { path: '/x', content: 'y', sensitive: true },
    { path: '/x', content: 'REDACTED', sensitive: true },
  ],
  [
    'one that is not stays as it is',
    { sysctl: { name: 'net.ipv4.ip_forward', value: '0' } },
    { sysctl: { name: 'net.ipv4.ip_forward', value: '0' } },
  ],
  [
    'a value that is named beside it',
    { key: 'bind_password', value: 'x' },
    { key: 'bind_password', value: 'REDACTED' },
  ],
  ['a variable of a container', { name: 'API_TOKEN', value: 'x' }, { name: 'API_TOKEN', value: 'REDACTED' }],
  [
    'a template of a Secret, in whatever form',
    { template: { kind: 'Secret', metadata: { name: 'a' }, stringData: { a: 'x', b: 'y' }, data: { c: 'eg==' } } },
    {
      template: {
        kind: 'Secret',
        metadata: { name: 'a' },
        stringData: { a: 'REDACTED', b: 'REDACTED' },
        data: { c: 'REDACTED' },
      },
    },
  ],
  ['an argument after its flag', ['--user', 'bob', '--password', 'x'], ['--user', 'bob', '--password', 'REDACTED']],
  ['a reference to a Secret', { credentialsRef: { name: 'fleet-ssh' } }, { credentialsRef: { name: 'fleet-ssh' } }],
  ['a number', { password: 1234 }, { password: 'REDACTED' }],
  ['a switch', { automountServiceAccountToken: false }, { automountServiceAccountToken: false }],
  [
    'what was applied and who wrote it',
    {
      metadata: {
        managedFields: [{}],
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', a: 'b' },
      },
    },
    { metadata: { annotations: { a: 'b' } } },
  ],
  ['whole numbers beyond 2^53', { a: 9007199254740993n }, { a: 9007199254740993n }],
])('%s', (_, value, left) => {
  expect(redacted(value, same)).toEqual(left);
});

test('every text and every key is rewritten, but not the kind', () => {
  const shout = (text: string): string => text.toUpperCase();
  expect(redacted({ kind: 'Device', labels: { host: ['a'] } }, shout)).toEqual({
    kind: 'Device',
    LABELS: { HOST: ['A'] },
  });
});
