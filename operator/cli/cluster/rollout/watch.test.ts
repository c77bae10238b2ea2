/** `rollout get --watch`: what it prints on a pipe and on a terminal, and when it ends. The apiserver alone is not real here. */
import { expect, test } from '@jest/globals';
import { ioWith } from '../../../../test/builders/io.ts';
import { begun, factsFrom } from '../../../../test/builders/rolloutFacts.ts';
import { ApiError, NoResponse } from '../../../runtime/apiError.ts';
import type { CanaryRollout } from '../../../api/v1alpha1/canaryRollout.ts';
import type { Cluster, Io } from '../../command.ts';
import { Failure } from '../../command.ts';
import { runGet } from './index.ts';

const bed = await begun();
bed.declare('B');
await bed.rounds(5);
const { rollout: soaking, baseline } = factsFrom(bed);
const { rollout: complete } = factsFrom(bed, {
  completionTime: bed.now.toISOString(),
  summary: { revision: '43c33793', step: '3/3 100%', hosts: '20/20', state: 'Completed' },
});
const { rollout: taken } = factsFrom(bed, {
  rollback: {
    startTime: bed.now.toISOString(),
    completionTime: bed.now.toISOString(),
    reason: 'it broke',
    rejects: true,
  },
});

/** What each reading of the rollout finds; the last for ever. Time passes only while the command waits. */
async function watched(
  found: readonly (CanaryRollout | Error | undefined)[],
  flags: { timeout?: string; rows?: number; untilDone?: boolean } = {},
) {
  let reads = 0;
  let elapsed = 0;
  const get = (kind: { kind: string }) => {
    if (kind.kind !== 'CanaryRollout') return Promise.resolve(baseline);
    const one = found[Math.min(reads++, found.length - 1)];
    return one instanceof Error ? Promise.reject(one) : Promise.resolve(one);
  };
  const client = { get, list: () => Promise.resolve({ items: [soaking], continue: '' }) };
  let isClosed = false;
  const cluster = {
    client: client as unknown as Cluster['client'],
    http: {} as Cluster['http'],
    clock: {
      now: () => new Date(bed.now.getTime() + elapsed),
      elapsed: () => elapsed,
      after: (milliseconds: number, callback: () => void) => {
        elapsed += milliseconds;
        setImmediate(callback);
        return () => undefined;
      },
    },
    namespace: 'fleet',
    date: () => undefined,
    close: () => Promise.resolve(void (isClosed = true)),
  };
  const io = ioWith({});
  const { rows, untilDone = true, timeout } = flags;
  const world: Io = {
    ...io,
    stdout: (text) => io.stdout(text),
    stderr: (text) => io.stderr(text),
    cluster: () => Promise.resolve(cluster),
    ...(rows !== undefined && { terminal: () => ({ rows, columns: 80 }) }),
  };
  const asked = { name: 'rhel9', watches: true, untilDone, where: {}, ...(timeout !== undefined && { timeout }) };
  const ended = await runGet(asked, world).catch((error: unknown) => {
    if (!(error instanceof Failure)) throw error;
    return error.message;
  });
  expect(isClosed).toBe(true);
  return { ended, out: io.out, err: io.err };
}

const blocks = (out: string) => out.split('\n\n').length;

// https://github.com/argoproj/argo-rollouts/issues/1172: it never ended. https://github.com/kubernetes/kubectl/issues/1163: it ended late.
test('ends with 0 when it is complete, and with 1 when it was taken back', async () => {
  const done = await watched([soaking, soaking, soaking, complete]);
  expect(done.ended).toBe(0);
  // One block per change: time that passes is none.
  expect(blocks(done.out)).toBe(2);
  expect(done.out).not.toContain('\x1b');
  expect((await watched([soaking, taken])).ended).toBe(1);
});

// https://github.com/kubernetes/kubernetes/issues/40224, https://github.com/kubernetes/kubernetes/issues/41336: a watch that was closed ended the command.
test('an apiserver that is away for a moment does not end it', async () => {
  const away = await watched([soaking, new NoResponse('connection reset'), new ApiError('get x', 503, {}), complete]);
  expect(away.ended).toBe(0);
  expect(away.err.split('\n').filter(Boolean)).toHaveLength(2);
});

test('ends when it is gone, when it may not be read, and at its time limit', async () => {
  expect((await watched([soaking, undefined])).ended).toBe('CanaryRollout rhel9 does not exist in namespace fleet.');
  expect((await watched([new ApiError('get x', 403, {})])).ended).toContain('cannot be read');
  expect((await watched([soaking], { timeout: '1m' })).ended).toBe(
    'CanaryRollout rhel9 was not done within 1m; it continues.',
  );
  expect((await watched([soaking], { timeout: '1m', untilDone: false })).ended).toBe(0);
});

test('on a terminal it is redrawn in place, and never taller than that', async () => {
  const { out } = await watched([soaking, complete], { rows: 40 });
  const height = out.split('\x1b')[0]!.trimEnd().split('\n').length;
  expect(out).toContain(`\x1b[${height}A\r\x1b[J`);
  const small = await watched([soaking, complete], { rows: 6 });
  expect(small.out).toContain('\x1b[5A\r\x1b[J');
  expect(small.out).toContain('… more than fits');
});
