/** What is said of a host to whom has not shown that it is theirs. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Found } from '../network/addresses.ts';
import { failed } from './failure.ts';
import { guarded } from './guarded.ts';
import type { SshAnswer, SshFailure, SshTarget } from './types.ts';

const target: SshTarget = {
  id: 'fleet/web-01',
  host: 'web-01',
  port: 22,
  user: 'holdfast',
  become: 'sudo',
  hostKeys: ['ssh-ed25519 AAAA'],
  hostCertificateAuthorities: [],
  privateKey: 'secret',
};
const request = { script: '', input: '', timeoutSeconds: 60, maxBytes: 1000 };
const never = new AbortController().signal;
const seen: SshAnswer = { is: 'answered', output: Buffer.alloc(0), exitCode: 0, errors: '' };
const failure = (reason: SshFailure) => failed(reason, `because of ${reason}`);

let answer: SshAnswer;
let found: Found;
let asked: string[];
let told: [string, string][];
let answerSeconds: number;

beforeEach(() => {
  answer = seen;
  found = { is: 'found', address: '10.0.0.1' };
  asked = [];
  told = [];
  answerSeconds = 0;
});

function open() {
  const client = {
    execute: (one: { address: string }) => (asked.push(one.address), Promise.resolve(answer)),
    close: () => Promise.resolve(),
  };
  const ssh = guarded(client, {
    findAddress: () => Promise.resolve(found),
    onConcealed: ({ id }, { reason }) => told.push([id, reason]),
    answerSeconds,
  });
  return (changes: Partial<SshTarget> = {}) => ssh.execute({ ...target, ...changes }, request, never);
}

const concealed: readonly SshFailure[] = [
  'NameNotResolved',
  'AddressDenied',
  'ConnectionRefused',
  'NoRoute',
  'ConnectionTimedOut',
  'HostKeyChanged',
  'ConnectionLost',
  'TimedOut',
  'Failed',
];

describe('before a host has proved its key', () => {
  test('all failures are one answer, whose reason is for the log', async () => {
    const answers: SshAnswer[] = [];
    for (const reason of concealed) {
      const isOfName = reason === 'NameNotResolved' || reason === 'AddressDenied';
      found = isOfName ? { ...failure(reason), reason } : { is: 'found', address: '10.0.0.1' };
      answer = failure(reason);
      answers.push(await open()());
    }
    expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(answers[0]).toMatchObject({
      reason: 'NotVerified',
      message: expect.stringMatching(
        /^web-01 port 22 did not respond as an SSH server with a declared host key; .*the log of the operator/,
      ),
    });
    expect(told).toEqual(concealed.map((reason) => ['fleet/web-01', reason]));
    expect(asked).toHaveLength(concealed.length - 2);
  });

  test('they come after the same time', async () => {
    answerSeconds = 0.2;
    for (const of of [
      () => (answer = failure('ConnectionRefused')),
      () => (found = { is: 'failed', reason: 'NameNotResolved', message: '' }),
    ]) {
      of();
      const began = performance.now();
      await open()();
      expect(performance.now() - began).toBeGreaterThanOrEqual(195);
    }
  });

  test.each<SshFailure>(['AuthenticationFailed', 'BecomeDenied', 'OutputTooLarge', 'CredentialsUnusable'])(
    '%s comes after the proof, and is told',
    async (reason) => {
      answer = failure(reason);
      const ask = open();
      expect(await ask()).toBe(answer);
      answer = failure('ConnectionRefused');
      expect(await ask()).toBe(answer);
      expect(told).toEqual([]);
    },
  );

  test('what is wrong with the operator is told, and proves nothing', async () => {
    answer = failure('ClientUnusable');
    const ask = open();
    expect(await ask()).toBe(answer);
    answer = failure('ConnectionRefused');
    expect(await ask()).toMatchObject({ reason: 'NotVerified' });
  });

  test('what is wrong with the Device itself is told at once: nothing was asked', async () => {
    answerSeconds = 1000;
    expect(await open()({ user: '-x' })).toMatchObject({
      reason: 'Failed',
      message: expect.stringContaining('spec.ssh.user'),
    });
    found = { is: 'failed', reason: 'AddressDenied', message: 'the operator may not connect to 127.0.0.1' };
    expect(await open()({ host: '127.0.0.1' })).toMatchObject({ reason: 'AddressDenied' });
    expect([asked, told]).toEqual([[], []]);
  });
});

describe('a host that has proved its key', () => {
  test('fails for a reason that is told', async () => {
    const ask = open();
    await ask();
    for (const reason of concealed.slice(2)) {
      answer = failure(reason);
      expect(await ask()).toBe(answer);
    }
  });

  test.each<[string, Partial<SshTarget>]>([
    ['of another namespace', { id: 'other/web-01' }],
    ['with another port', { port: 8443 }],
    ['with another key', { hostKeys: ['ssh-ed25519 BBBB'] }],
    ['by another name', { host: 'web-02' }],
  ])('says nothing to a Device %s', async (_, changes) => {
    const ask = open();
    await ask();
    answer = failure('ConnectionRefused');
    expect(await ask(changes)).toMatchObject({ reason: 'NotVerified' });
  });

  test('and whose name leads elsewhere now has proved nothing there', async () => {
    const ask = open();
    await ask();
    found = { is: 'found', address: '10.0.0.5' };
    answer = failure('ConnectionRefused');
    expect(await ask()).toMatchObject({ reason: 'NotVerified' });
    expect(asked).toEqual(['10.0.0.1', '10.0.0.5']);
  });
});

test('a caller who gives up waits no longer', async () => {
  const stop = new AbortController();
  const client = { execute: () => Promise.resolve(failure('NoRoute')), close: () => Promise.resolve() };
  const ssh = guarded(client, {
    findAddress: () => Promise.resolve(found),
    onConcealed: () => setImmediate(() => stop.abort(new Error('lease lost'))),
  });
  await expect(ssh.execute(target, request, stop.signal)).rejects.toThrow('lease lost');
});
