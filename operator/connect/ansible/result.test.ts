import { expect, test } from '@jest/globals';
import { readResult } from './result.ts';

test('a result tells of its hosts in the order of their names; what is null is not told', () => {
  const text = JSON.stringify({
    rc: 2,
    hosts: [[3, 1, 0, 0], null, [0, 0, 0, 1]],
    messages: { 2: 'away\u001b[31m\u202e!' },
    checks: { 0: { umask: [true, 'why'], odd: 7 } },
    notes: { 0: { httpd: 'with httpd came\u001b apr', odd: [] }, 2: 5 },
  });
  expect(readResult(text, ['a', 'b', 'c', 'd'])).toEqual({
    is: 'finished',
    exitCode: 2,
    hosts: [
      {
        name: 'a',
        ok: 3,
        changed: 1,
        failed: 0,
        unreachable: false,
        checks: { umask: { refused: true, message: 'why' } },
        notes: { httpd: 'with httpd came apr' },
      },
      { name: 'c', ok: 0, changed: 0, failed: 0, unreachable: true, message: 'away [31m !' },
    ],
  });
});

test.each([
  [{ rc: 124, timedOut: true }, /raise timeoutSeconds/],
  [{ rc: 143, cancelled: true }, /was canceled/],
  [{ rc: 2, stopped: true }, /stopped early/],
  [{ rc: 4, message: `playbook.yml line 4: ${'x'.repeat(500)}` }, /^playbook\.yml line 4: x{278}…$/],
])('a result says why a run ended as it did: %j', (result, message) => {
  expect(readResult(JSON.stringify({ ...result, hosts: [], names: [] }))?.message).toMatch(message);
});

test.each(['', 'no JSON', '[]', '{}', '{"rc":"0"}', 'null', '{"rc":0'])('%j is no result', (text) => {
  expect(readResult(text, ['a'])).toBeUndefined();
});

test.each([
  { hosts: 'x' },
  { hosts: [[1, 2]] },
  { hosts: [[-1, 0, 0, 0]] },
  { hosts: [['1', 0, 0, 0]] },
  { names: 5 },
  { messages: [] },
])('what is wrong in a result is not believed: %j', (wrong) => {
  expect(readResult(JSON.stringify({ rc: 0, ...wrong }), ['a'])).toEqual({ is: 'finished', exitCode: 0, hosts: [] });
});
