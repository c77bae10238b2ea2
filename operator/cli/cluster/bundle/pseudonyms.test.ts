import { expect, test } from '@jest/globals';
import { Pseudonyms } from './pseudonyms.ts';

const names = (): Pseudonyms => {
  const made = new Pseudonyms();
  for (const name of ['web-01', 'web-01.example.com', 'DB', '10.0.0.7', undefined]) made.add(name);
  return made;
};

test.each([
  ['Device fleet/web-01 is unreachable', 'Device fleet/host-1 is unreachable'],
  ['DriftReport rhel9.web-01', 'DriftReport rhel9.host-1'],
  ['ssh root@web-01.example.com:22', 'ssh root@host-2:22'],
  ['WEB-01.EXAMPLE.COM', 'host-2'],
  ['web-01.other.org', 'host-1.other.org'],
  ['web-011 and myweb-01 and dbx', 'web-011 and myweb-01 and dbx'],
  ['from 10.0.0.7 to 10.0.0.8, then 10.0.0.7:22', 'from address-1 to address-2, then address-1:22'],
  ['fd00::1 and [fd00::2]:22', 'address-1 and [address-2]:22'],
  ['12:34:56 2026-01-01T10:00:00Z', '12:34:56 2026-01-01T10:00:00Z'],
  ['127.0.0.1 and ::1', '127.0.0.1 and ::1'],
  ['version 1.30.4 and 999.1.1.1', 'version 1.30.4 and 999.1.1.1'],
  ['sha256:aa:bb', 'sha256:aa:bb'],
])('%s', (text, left) => {
  expect(names().replace(text)).toBe(left);
});

test('a name has the same pseudonym in every file', () => {
  const made = names();
  expect(made.replace('db 10.1.1.1')).toBe(made.replace('DB 10.1.1.1'));
});
