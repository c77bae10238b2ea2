import { expect, test } from '@jest/globals';
import { schemas } from '../api/generated/schemas.ts';
import { accountName } from './accountName.ts';

const names = [
  ...['holdfast', '_hf', 'svc-hf@corp.example.com', 'Root', '1st', 'hf@', 'hf@-x', 'a@b@c', 'hf b'],
  ...[126, 127].map((length) => `a@${'b'.repeat(length)}`),
];
type Properties<K extends string, T> = { readonly properties: { readonly [key in K]: T } };
type User = { readonly pattern: string; readonly maxLength: number };
const device = schemas.Device as Properties<'spec', Properties<'ssh', Properties<'user', User>>>;
const { pattern, maxLength } = device.properties.spec.properties.ssh.properties.user;

test.each(names)('the schema of Device and inventories agree on %j', (name) => {
  expect(accountName.test(name)).toBe(new RegExp(pattern).test(name) && name.length <= maxLength);
});
