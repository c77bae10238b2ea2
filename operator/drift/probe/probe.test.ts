/** A look at this machine: over a real sshd, or by a shell alone where the answer is to be spoilt on its way. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';
import { openSsh } from '../../connect/ssh/openSsh.ts';
import { startTestServer } from '../../../test/ssh/server.ts';
import type { Ssh, SshAnswer, SshTarget } from '../../connect/ssh/types.ts';
import { compareCheck } from './compare.ts';
import type { HostObservation } from './observation.ts';
import { probeHost } from './probe.ts';

jest.setTimeout(60_000);

const never = new AbortController().signal;
const target = {} as SshTarget;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-probe-'));
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'motd'), 'Welcome!\n', { mode: 0o644 });
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the script by this machine's shell, and spoils the answer. */
function here(spoil: (output: Buffer) => Buffer = (output) => output, instead?: SshAnswer): Pick<Ssh, 'execute'> {
  return {
    execute: (_, { script, input }) => {
      const { stdout, stderr, status } = spawnSync('sh', ['-c', script], { input });
      const answer = {
        is: 'answered',
        output: spoil(stdout),
        exitCode: status ?? -1,
        errors: stderr.toString(),
      } as const;
      return Promise.resolve(instead ?? answer);
    },
  };
}

function conceal(text: string): string {
  return `hmac:${text.slice(0, 4)}`;
}

function checks(): DeviceCheck[] {
  return [
    { name: 'motd', file: { path: join(folder, 'motd'), content: 'Welcome!\n', mode: '0644' } },
    { name: 'other-motd', file: { path: join(folder, 'motd'), content: 'Go away!\n' } },
    { name: 'nobody', user: { name: 'no-such-user' } },
    { name: 'same-motd', severity: 'Low', file: { path: join(folder, 'motd'), content: 'Welcome!\n', mode: '0600' } },
    { name: 'kernel', sysctl: { name: 'kernel.no_such_parameter', value: '1' } },
    { name: 'nothing' },
  ];
}

/** Each check in a word or the paths that differ. */
function verdicts(host: HostObservation): string[] {
  if (host.is !== 'seen') throw new Error(host.message);
  return checks().map((check, index) => {
    const comparison = compareCheck(check, host.observed[index] ?? { is: 'unknown', message: 'missing' }, conceal);
    if (comparison.is !== 'known') return 'unknown';
    return comparison.differences.map(({ path }) => path).join(' ') || 'pass';
  });
}

const expected = ['pass', 'content', 'state', 'mode', 'live persisted', 'unknown'];

describe('a look', () => {
  test('over a real sshd tells the facts and every check in its order', async () => {
    const server = await startTestServer();
    const ssh = openSsh({ folder: join(folder, 'ssh') });
    try {
      const host = await probeHost(ssh, server.target(), checks(), never);
      expect(verdicts(host)).toEqual(expected);
      expect(host).toMatchObject({ facts: { kernel: release() } });
      const wrong = await probeHost(ssh, { ...server.target(), port: 1 }, checks(), never);
      expect(wrong).toMatchObject({ is: 'unreachable', reason: 'ConnectionRefused' });
    } finally {
      await ssh.close();
      await server.stop();
    }
  });

  test('asks with a nonce of its own each time', async () => {
    const inputs: string[] = [];
    const ssh: Pick<Ssh, 'execute'> = {
      execute: (...all) => {
        inputs.push(all[1].input);
        return here().execute(...all);
      },
    };
    await probeHost(ssh, target, [], never);
    await probeHost(ssh, target, [], never);
    await probeHost({ ...ssh, makeNonce: () => 'given' }, target, [], never);
    expect(new Set(inputs).size).toBe(3);
    expect(inputs.at(-1)).toContain('BEGIN\x1fgiven\n');
  });
});

describe('an answer that was spoilt', () => {
  test.each<[name: string, spoil: (output: Buffer) => Buffer]>([
    ['cut', (output) => output.subarray(0, -1)],
    ['cut in half', (output) => output.subarray(0, output.length / 2)],
    ['doubled', (output) => Buffer.concat([output, output])],
    [
      'replaced by an earlier one',
      (output) => Buffer.from(output.toString('latin1').replaceAll(/^([BZ]\x1f)[0-9a-f]+/gm, '$1old')),
    ],
    ['replaced by random bytes', () => Buffer.from([0, 255, 10, 65, 31, 10])],
    ['swallowed', () => Buffer.alloc(0)],
  ])('by being %s is unreadable', async (_, spoil) => {
    const host = await probeHost(here(spoil), target, checks(), never);
    expect(host).toEqual({
      is: 'unreadable',
      reason: 'InvalidResponse',
      message: expect.stringMatching(/cannot be used: .*exit code 0/),
    });
  });

  test('by a login shell that refuses is told in its words, without what a terminal would obey', async () => {
    const refusal = {
      is: 'answered',
      output: Buffer.from('This account\x1b[2J is locked.\n'),
      exitCode: 1,
      errors: '',
    } as const;
    expect(await probeHost(here(undefined, refusal), target, checks(), never)).toMatchObject({
      is: 'unreadable',
      message: expect.stringContaining('(exit code 1, output: This account\\u{1b}[2J is locked.)'),
    });
  });

  test('by a type that did not answer is unknown for its checks alone', async () => {
    const without = (output: Buffer): Buffer => {
      const text = output.toString('latin1');
      return Buffer.from(text.replace(/^A\x1f3\x1fo\x1f6\nabsent\n/m, ''), 'latin1');
    };
    const host = await probeHost(here(without), target, checks(), never);
    expect(verdicts(host)).toEqual(expected.with(2, 'unknown'));
  });
});

test.each<[SshAnswer & { is: 'failed' }, HostObservation['is']]>([
  [{ is: 'failed', reason: 'HostKeyChanged', message: 'changed' }, 'unreachable'],
  [{ is: 'failed', reason: 'TimedOut', message: 'slow' }, 'unreachable'],
  [{ is: 'failed', reason: 'BecomeDenied', message: 'denied' }, 'unreadable'],
  [{ is: 'failed', reason: 'OutputTooLarge', message: 'much' }, 'unreadable'],
])('no answer, as by %j, is %s with its reason', async (failure, is) => {
  expect(await probeHost(here(undefined, failure), target, checks(), never)).toEqual({ ...failure, is });
});
