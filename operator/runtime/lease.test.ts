/** Leadership, with clocks that move when told to and an apiserver that can be cut off for one of the two. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { ManualClock, settle } from '../../test/wire/manualClock.ts';
import { ApiError, NoResponse } from './apiError.ts';
import { sleep } from './clock.ts';
import { Lease, type LeaseOptions } from './lease.ts';
import { createLog } from './log.ts';

interface Stored {
  metadata: { name: string; resourceVersion: string };
  spec: Record<string, unknown>;
}
const key = { namespace: 'holdfast', name: 'operator' };
let stored: Stored | undefined;
let clock: ManualClock;
/** What those are answered who cannot reach the apiserver. */
let cutOff: Map<string, Error>;
/** Whose writes the apiserver refuses, such as by a quota, while reads are answered. */
let refused: Set<string>;
/** How long a read takes, in milliseconds. */
let slowness: number;

beforeEach(() => {
  stored = undefined;
  clock = new ManualClock();
  cutOff = new Map();
  refused = new Set();
  slowness = 0;
});

/** The one Lease, as one process reaches it. */
function reach(identity: string): LeaseOptions['client'] {
  const answer = <T>(act: () => T): Promise<T> =>
    Promise.resolve().then(() => {
      const answer = cutOff.get(identity);
      if (answer) throw answer;
      return act();
    });
  const store = (spec: object): Stored => {
    if (refused.has(identity)) throw new ApiError('patch', 403, { reason: 'Forbidden', message: 'exceeded quota' });
    stored = {
      metadata: { name: key.name, resourceVersion: String(Number(stored?.metadata.resourceVersion ?? 0) + 1) },
      spec: { ...stored?.spec, ...spec },
    };
    return structuredClone(stored);
  };
  return {
    get: async <R>() => {
      if (slowness > 0) await sleep(clock, slowness, new AbortController().signal);
      return answer(() => structuredClone(stored) as R | undefined);
    },
    create: (_kind, body) =>
      answer(() => {
        if (stored) throw new ApiError('create', 409, { reason: 'AlreadyExists' });
        return store(body.spec as object) as never;
      }),
    mergePatch: (_kind, _key, patch) =>
      answer(() => {
        const { metadata, spec } = patch as Stored;
        if (metadata.resourceVersion !== stored?.metadata.resourceVersion)
          throw new ApiError('patch', 409, { reason: 'Conflict' });
        return store(spec) as never;
      }),
  };
}

function contender(identity: string, onBack?: () => void, newest?: () => string) {
  const options = { client: reach(identity), key, identity, clock, random: () => 0, log: createLog('silent') };
  const lease = new Lease({ ...options, onBack, newest });
  const stop = new AbortController();
  const state = { lost: '', leads: false };
  const run = async (): Promise<void> => {
    await lease.acquire(stop.signal);
    state.leads = !stop.signal.aborted;
    await lease.hold(stop.signal);
  };
  const ended = run().catch((error: Error) => void (state.lost = error.message));
  return { lease, state, stop, ended };
}

describe('a clock', () => {
  test.each([
    ['an hour forth, or the machine was suspended', 3_600_000, [false, true]],
    ['a day forth', 86_400_000, [false, true]],
    ['an hour back', -3_600_000, [true, true]],
    ['to 1970', -Date.parse('2026-01-01'), [true, true]],
  ])('that jumps %s stops nothing for longer than a renewal', async (_what, jump, valid) => {
    const first = contender('first');
    await settle();
    clock.jump(jump);
    const before = first.lease.isValid();
    await clock.advance(2000);
    expect([before, first.lease.isValid()]).toEqual(valid);
    expect(first.state.lost).toBe('');
  });
});

describe('a store that was put back', () => {
  test.each<[string, () => void]>([
    ['has an older Lease', () => (stored!.metadata.resourceVersion = '2')],
    ['has none', () => (stored = undefined)],
  ])('is found out with the next renewal: it %s', async (_what, putBack) => {
    let signs = 0;
    const first = contender('first', () => void signs++);
    await settle();
    await clock.advance(20_000);
    expect([signs, Number(stored?.metadata.resourceVersion) > 5]).toEqual([0, true]);
    putBack();
    await clock.advance(2000);
    expect([signs, first.lease.isValid()]).toEqual([1, true]);
    await clock.advance(60_000);
    expect(signs).toBe(1);
  });
});

describe('a store that was put back by less than a renewal', () => {
  const after = async (known: readonly [first: string, then: string]): Promise<number> => {
    let signs = 0;
    let newest = known[0];
    contender(
      'first',
      () => void signs++,
      () => newest,
    );
    await settle();
    await clock.advance(20_000);
    newest = known[1];
    await clock.advance(20_000);
    return signs;
  };

  test.each<[string, readonly [string, string], number]>([
    ['is found out, since something is known that is newer', ['0', '5000'], 1],
    ['is none where nothing is', ['0', '1'], 0],
    ['is none where nothing is known', ['', ''], 0],
    ['is none where Leases are in a store of their own', ['5000', '6000'], 0],
  ])('%s', async (_what, known, signs) => {
    expect(await after(known)).toBe(signs);
  });
});

describe('a lease', () => {
  test.each([
    ['was not answered', new NoResponse('cut off')],
    ['was answered by a load balancer', new ApiError('get', 502, { message: 'Bad Gateway' })],
  ])('of which a renewal %s is not valid until one is: the store may be put back meanwhile', async (_what, answer) => {
    let signs = 0;
    const first = contender('first', () => void signs++);
    await settle();
    await clock.advance(20_000);
    cutOff.set('first', answer);
    await clock.advance(2000);
    expect(first.lease.isValid()).toBe(false);
    stored!.metadata.resourceVersion = '2';
    cutOff.clear();
    await clock.advance(1000);
    expect([first.lease.isValid(), signs]).toEqual([false, 0]);
    await clock.advance(1000);
    expect([first.lease.isValid(), signs]).toEqual([true, 1]);
  });

  test('that is doubted is renewed now, and not valid until then', async () => {
    let signs = 0;
    const first = contender('first', () => void signs++);
    await settle();
    await clock.advance(21_000);
    stored!.metadata.resourceVersion = '2';
    first.lease.doubt();
    first.lease.doubt();
    expect([first.lease.isValid(), signs]).toEqual([false, 0]);
    await clock.advance(1);
    expect([first.lease.isValid(), signs, stored?.metadata.resourceVersion]).toEqual([true, 1, '3']);
    await clock.advance(1998);
    expect(stored?.metadata.resourceVersion).toBe('3');
  });

  test('that is doubted while it is renewed is renewed once more', async () => {
    const first = contender('first');
    await settle();
    slowness = 500;
    await clock.advance(2100);
    first.lease.doubt();
    await clock.advance(500);
    expect(first.lease.isValid()).toBe(false);
    await clock.advance(500);
    expect(first.lease.isValid()).toBe(true);
  });

  test('that nobody has yet is not doubted', async () => {
    const lease = contender('first');
    lease.lease.doubt();
    await settle();
    expect(lease.lease.isValid()).toBe(true);
  });

  test('of which a renewal is refused stays valid for its time', async () => {
    const first = contender('first');
    await settle();
    refused.add('first');
    await clock.advance(6000);
    expect(first.lease.isValid()).toBe(true);
    await clock.advance(6000);
    expect(first.lease.isValid()).toBe(false);
  });

  test('is made by the first, who leads at once and renews it; the second waits', async () => {
    const first = contender('first');
    await settle();
    const second = contender('second');
    await clock.advance(60_000);
    expect([first.lease.isValid(), second.lease.isValid()]).toEqual([true, false]);
    expect(stored?.spec).toMatchObject({ holderIdentity: 'first', leaseDurationSeconds: 15, leaseTransitions: 0 });
  });

  test('that is released is taken over within two seconds', async () => {
    const first = contender('first');
    await settle();
    const second = contender('second');
    await clock.advance(5000);
    first.stop.abort();
    await first.ended;
    await first.lease.release();
    expect([first.lease.isValid(), stored?.spec.holderIdentity]).toEqual([false, '']);
    await clock.advance(2500);
    expect([second.state.leads, stored?.spec.leaseTransitions]).toEqual([true, 1]);
  });

  test.each([
    ['is cut off', () => cutOff.set('first', new NoResponse('cut off'))],
    ['may not write', () => refused.add('first')],
  ])('is never valid for two at once: a leader that %s stops before another one leads', async (_what, trouble) => {
    const first = contender('first');
    await settle();
    const second = contender('second');
    await clock.advance(10_000);
    trouble();
    let firstValidUntil = 0;
    let secondValidFrom = 0;
    for (let i = 0; i < 300; i++) {
      await clock.advance(100);
      if (first.lease.isValid()) firstValidUntil = clock.elapsed();
      if (second.lease.isValid()) secondValidFrom ||= clock.elapsed();
    }
    expect(firstValidUntil).toBeLessThan(secondValidFrom);
    expect(secondValidFrom - firstValidUntil).toBeGreaterThan(3000);
    cutOff.clear();
    refused.clear();
    await clock.advance(3000);
    expect(first.state.lost).toBe('Another process has acquired Lease holdfast/operator; this one exits.');
    expect([first.lease.isValid(), second.lease.isValid()]).toEqual([false, true]);
  });

  test('of which nobody else took hold while the apiserver was away for an hour is led on', async () => {
    const first = contender('first');
    await settle();
    cutOff.set('first', new NoResponse('cut off'));
    await clock.advance(12_000);
    expect(first.lease.isValid()).toBe(false);
    await clock.advance(3_600_000);
    cutOff.clear();
    await clock.advance(2000);
    expect([first.lease.isValid(), first.state.lost]).toEqual([true, '']);
  });

  test('that was deleted is made again', async () => {
    const first = contender('first');
    await settle();
    stored = undefined;
    await clock.advance(2000);
    expect([first.lease.isValid(), (stored as Stored | undefined)?.spec.holderIdentity]).toEqual([true, 'first']);
  });

  test('that two ask for at the same moment is given to one', async () => {
    stored = {
      metadata: { name: 'operator', resourceVersion: '5' },
      spec: { holderIdentity: '', leaseTransitions: 3 },
    };
    const [first, second] = [contender('first'), contender('second')];
    await clock.advance(10_000);
    expect([first.lease.isValid(), second.lease.isValid()].filter(Boolean)).toHaveLength(1);
    expect(stored?.spec.leaseTransitions).toBe(4);
  });

  test('of a holder that died without a word is taken over when it has not changed for its whole length', async () => {
    stored = {
      metadata: { name: 'operator', resourceVersion: '5' },
      spec: { holderIdentity: 'dead', leaseDurationSeconds: 15, renewTime: '2099-01-01T00:00:00Z' },
    };
    const first = contender('first');
    await clock.advance(13_900);
    expect(first.state.leads).toBe(false);
    await clock.advance(3000);
    expect(first.state.leads).toBe(true);
  });

  test('whose renewal was slow to be answered counts from when it was asked for', async () => {
    const first = contender('first');
    await settle();
    slowness = 9000;
    await clock.advance(11_500);
    expect(first.lease.isValid()).toBe(true);
    cutOff.set('first', new NoResponse('cut off'));
    await clock.advance(600);
    expect(first.lease.isValid()).toBe(false);
  });

  test('that another one wrote itself into is lost, and is not released by us', async () => {
    const first = contender('first');
    await settle();
    stored!.spec.holderIdentity = 'third';
    stored!.metadata.resourceVersion = '77';
    await clock.advance(2000);
    expect(first.state.lost).toContain('Another process has acquired Lease');
    await first.lease.release();
    expect(stored?.spec.holderIdentity).toBe('third');
  });
});
