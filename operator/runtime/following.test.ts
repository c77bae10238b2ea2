/** What is followed while it cannot be read: current for a while, and then unknown, with what the apiserver responds. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { WireApiserver } from '../../test/wire/apiserver.ts';
import { ManualClock } from '../../test/wire/manualClock.ts';
import { until } from '../../test/wire/until.ts';
import { THING } from '../../test/wire/watchBed.ts';
import { Client } from './client.ts';
import type { Followed } from './feature.ts';
import { Following } from './following.ts';
import { createLog } from './log.ts';

const clock = new ManualClock();
let apiserver: WireApiserver;
let client: Client;
let following: Following;
let wakes = 0;

beforeEach(async () => {
  apiserver = await WireApiserver.start(THING);
  client = new Client({ server: apiserver.url });
  const log = createLog('silent', { write: () => undefined });
  const metrics = { relisted: () => undefined, observeCache: () => undefined };
  following = new Following({ client, log, clock, random: () => 0, metrics });
});
afterEach(async () => {
  following.stop();
  await client.close();
  await apiserver.stop();
});

const follow = (): Promise<Followed> =>
  following.follow('things', 'me', () => wakes++, { account: { namespace: 'a', name: 'b' }, kind: THING });

// kubernetes/kube-state-metrics#694, argoproj/argo-cd#20828
test('what can no longer be read, as where a conversion fails, is unknown after 90 seconds, and known when it is listed again', async () => {
  apiserver.put('a');
  expect(await follow()).toMatchObject({ is: 'current' });
  await until('a watch is open', () => apiserver.streams.size === 1);
  apiserver.fault = () => ({ answer: 500, reason: 'conversion webhook failed' });
  for (const stream of apiserver.streams) stream.cut();
  await until('it backs off', () => clock.timers === 1);
  expect(await follow()).toMatchObject({ is: 'current' });
  const before = wakes;
  for (let seconds = 0; seconds < 150; seconds += 30) {
    await clock.advance(30_000);
    await until('it backs off', () => clock.timers === 1);
  }
  expect(await follow()).toEqual({
    is: 'unknown',
    message: expect.stringMatching(/^things\.wire\.holdfast\.dev can no longer be read, because .* \(500\); /),
  });
  expect(wakes).toBe(before + 1);
  apiserver.fault = () => undefined;
  await clock.advance(30_000);
  await until('a watch is open', () => apiserver.streams.size === 1);
  expect(await follow()).toMatchObject({ is: 'current' });
  expect(wakes).toBeGreaterThan(before + 1);
});
