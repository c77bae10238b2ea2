import { expect, test } from '@jest/globals';
import { createLog } from './log.ts';

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  write(createLog('debug', { write: (line) => void lines.push(line) }));
  return lines.join('');
}

const key =
  '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU=\n-----END OPENSSH PRIVATE KEY-----\n';

test.each<[string, object | undefined, string, string]>([
  ['a private key in a message', undefined, `it said: ${key}`, 'b3BlbnNzaC1r'],
  ['a private key that is cut off', undefined, key.slice(0, 60), 'b3Bl'],
  ['a private key in a field', { answer: { text: key } }, 'x', 'b3BlbnNzaC1r'],
  ['a bearer token', { headers: 'Authorization: Bearer abcdefghijklmnop' }, 'x', 'abcdefghijklmnop'],
  ['a JSON web token', undefined, 'token is eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0xx.c2lnbmF0dXJl', 'eyJzdWIiOiJ4In0xx'],
  ['an access key of AWS', undefined, 'AKIAIOSFODNN7EXAMPLE', 'AKIAIOSFODNN7'],
  ['a password in a URL-like text', undefined, 'ansible_password=hunter2hunter2', 'hunter2'],
  ['a password in quoted JSON', undefined, '{"password": "hunter2hunter2"}', 'hunter2'],
  ['a field named token', { token: 'abc-def-ghi' }, 'x', 'abc-def-ghi'],
  ['the data of a Secret', { secret: { data: { 'ssh-privatekey': 'c2VjcmV0' } } }, 'x', 'c2VjcmV0'],
  ['an error with a key in its message', { err: new Error(`load ${key}`) }, 'x', 'b3BlbnNzaC1r'],
])('%s is blotted out', (_what, fields, message, secret) => {
  const line = logged((log) => log.info(fields ?? {}, message));
  expect(line).not.toContain(secret);
  expect(line).toContain('[redacted]');
  expect(() => JSON.parse(line) as unknown).not.toThrow();
});

test('what is no secret stays, one JSON object a line, with its level and time', () => {
  const line = logged((log) =>
    log
      .child({ controller: 'device', namespace: 'a', name: 'web-01' })
      .warn({ reconcileID: 7 }, 'Check Secret fleet-ssh.'),
  );
  expect(JSON.parse(line)).toEqual({
    level: 'warn',
    time: expect.stringMatching(/^\d{4}-.*Z$/) as unknown,
    controller: 'device',
    namespace: 'a',
    name: 'web-01',
    reconcileID: 7,
    msg: 'Check Secret fleet-ssh.',
  });
});
