import { describe, expect, test } from '@jest/globals';
import { ioWith } from '../../../../test/builders/io.ts';
import { makeWholeRun } from '../../../../test/builders/drift.ts';
import type { AnsibleRun } from '../../../api/v1alpha1/ansibleRun.ts';
import { ApiError, NoResponse } from '../../../runtime/apiError.ts';
import type { Cluster } from '../../command.ts';
import type { How } from '../../runs.ts';
import { confirmed, createRun, followed } from './create.ts';
import { outcomeOf } from './outcome.ts';

const how = (more: Partial<How> = {}): How => ({
  ...{ dryRun: false, yes: false, wait: true, milliseconds: 10_000, place: { namespace: 'fleet', where: {} } },
  ...more,
});
const run = makeWholeRun('correct-base-1');
const over: AnsibleRun = { ...run, status: { completionTime: '2026-03-01T12:00:00Z' } };
const wanted = { namespace: 'fleet', stem: 'correct-base', spec: run.spec };

/** Time passes by a second with each question. */
function clusterOf(...answers: readonly unknown[]) {
  const names: string[] = [];
  const left = [...answers];
  let elapsed = 0;
  const next = (): Promise<unknown> => {
    elapsed += 1000;
    const answer = left.length > 1 ? left.shift() : left[0];
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const client = {
    get: next,
    create: (_: unknown, { metadata }: AnsibleRun) => {
      names.push(metadata.name);
      return next();
    },
  };
  const after = (_: number, then: () => void) => {
    queueMicrotask(then);
    return () => undefined;
  };
  const clock = { elapsed: () => elapsed, now: () => new Date(0), after };
  return { cluster: { client, clock } as unknown as Cluster, names };
}

describe('a run', () => {
  test('gets another name where others took that one, and stops in the end', async () => {
    const taken = new ApiError('x', 409, { message: 'already exists', reason: 'AlreadyExists' });
    const { cluster, names } = clusterOf(taken, taken, run);
    expect(await createRun(cluster, wanted, false)).toBe(run);
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name).toMatch(/^correct-base-[0-9a-f]{8}$/);
    const all = clusterOf(taken);
    await expect(createRun(all.cluster, wanted, false)).rejects.toThrow(/^the AnsibleRun was not created: /);
    expect(all.names).toHaveLength(5);
  });

  test('whose creation is not answered may be there', async () => {
    const { cluster, names } = clusterOf(new NoResponse('away'));
    await expect(createRun(cluster, wanted, false)).rejects.toThrow(
      /^it is not known whether AnsibleRun correct-base-/,
    );
    expect(names).toHaveLength(1);
  });

  test('is none of a dry run', async () => {
    expect(await createRun(clusterOf(run).cluster, wanted, true)).toBeUndefined();
  });

  test('is followed to its end, though the apiserver is away for a moment', async () => {
    const io = ioWith({});
    const { cluster } = clusterOf(new NoResponse('away'), run, over);
    expect(await followed(run, cluster, how(), io)).toBe(over);
    expect(io.err).toBe(
      'the apiserver does not respond; it is asked again\nAnsibleRun correct-base-1: waits for the operator\n',
    );
  });

  test('of the same name that is another is not followed', async () => {
    const other = { ...over, metadata: { ...over.metadata, uid: 'other' } };
    await expect(followed(run, clusterOf(other).cluster, how(), ioWith({}))).rejects.toThrow(
      /was deleted before it was over/,
    );
    await expect(followed(run, clusterOf(undefined).cluster, how(), ioWith({}))).rejects.toThrow(/was deleted before/);
  });

  test('that lasts too long continues, and says so', async () => {
    await expect(followed(run, clusterOf(run).cluster, how({ milliseconds: 3000 }), ioWith({}))).rejects.toThrow(
      /is not over yet, and continues/,
    );
  });
});

describe('consent', () => {
  const asking = (answer: string | undefined) =>
    confirmed('Do it?', how(), { ...ioWith({}), ask: () => Promise.resolve(answer) });
  test.each(['y', 'Y', 'yes', ' yes '])('is %j', async (answer) => expect(await asking(answer)).toBeUndefined());
  test.each(['', 'n', 'no', 'yess', 'ye', 'y y', undefined])('is not %j', async (answer) => {
    await expect(asking(answer)).rejects.toThrow(/nothing was done/);
  });
  test('is given beforehand by --yes', async () => {
    expect(await confirmed('Do it?', how({ yes: true }), ioWith({}))).toBeUndefined();
  });
});

describe('an outcome', () => {
  const ended = (
    hosts: NonNullable<AnsibleRun['status']>['hosts'],
    more: Partial<AnsibleRun['status']> = {},
  ): AnsibleRun => ({
    ...run,
    status: {
      ...{ completionTime: '2026-03-01T12:00:00Z', hosts: hosts ?? [] },
      conditions: [{ type: 'Succeeded', status: 'True', reason: 'Verified', message: 'done', lastTransitionTime: '' }],
      ...more,
    },
  });
  test('is done where every host is', () => {
    expect(outcomeOf(ended([{ name: 'web-01', outcome: 'Verified' }])).isDone).toBe(true);
  });
  test.each(['Refused', 'Failed', 'Unreachable', 'Unknown'] as const)('is in part where a host is %s', (outcome) => {
    expect(outcomeOf(ended([{ name: 'web-01', outcome }])).isDone).toBe(false);
  });
  test('names what was not done, and nothing of it reaches the terminal as more than text', () => {
    const failures = [{ device: 'web-01', check: 'motd', refused: true, message: 'changed since\x1b[2J' }];
    const { text, isDone } = outcomeOf(ended([{ name: 'web-01', outcome: 'Refused' }], { failures }));
    expect(isDone).toBe(false);
    expect(text).toContain('motd: left unchanged: changed since');
    expect(text).not.toContain('\x1b');
  });
  test('of a run without a result is not done', () => {
    expect(outcomeOf({ ...run, status: { completionTime: 'x' } }).isDone).toBe(false);
  });
});
