import { describe, expect, test } from '@jest/globals';
import { isLoopback } from './health.ts';
import { byTokenReview } from './metricsAccess.ts';
import { ManualClock } from '../../test/wire/manualClock.ts';

interface Review {
  readonly kind: string;
  readonly spec: Record<string, unknown>;
}

/** An apiserver that knows the token `good` of `scraper`, and lets it get /metrics or not. */
function apiserver(allowed: boolean, answer?: () => Promise<never>) {
  const asked: Review[] = [];
  const create = (_kind: unknown, body: unknown) => {
    const review = body as Review;
    asked.push(review);
    if (answer) return answer();
    const user = { username: 'scraper', groups: ['monitoring'] };
    const isKnown = review.spec['token'] === 'good';
    const status = review.kind === 'TokenReview' ? { authenticated: isKnown, ...(isKnown && { user }) } : { allowed };
    return Promise.resolve({ apiVersion: '', kind: '', metadata: { name: '' }, status });
  };
  return { asked, client: { create } as unknown as Parameters<typeof byTokenReview>[0] };
}

describe('metrics are for', () => {
  test('whom the apiserver knows and allows, who is asked for once a minute', async () => {
    const clock = new ManualClock();
    const { asked, client } = apiserver(true);
    const admit = byTokenReview(client, clock);
    for (let scrape = 0; scrape < 3; scrape++) expect(await admit('good')).toEqual({ is: 'allowed' });
    expect(asked.map(({ kind }) => kind)).toEqual(['TokenReview', 'SubjectAccessReview']);
    expect(asked[1]?.spec).toEqual({
      user: 'scraper',
      groups: ['monitoring'],
      nonResourceAttributes: { path: '/metrics', verb: 'get' },
    });
    await clock.advance(61_000);
    await admit('good');
    expect(asked.length).toBe(4);
  });

  test.each<[what: string, token: string | undefined, allowed: boolean, status: number, message: RegExp]>([
    ['nobody without a token', undefined, true, 401, /need a bearer token/],
    ['no token that is unknown', 'bad', true, 401, /does not know this token/],
    ['nobody whom RBAC does not allow it', 'good', false, 403, /^scraper may not get \/metrics; bind a ClusterRole/],
  ])('%s', async (_, token, allowed, status, message) => {
    const admission = await byTokenReview(apiserver(allowed).client, new ManualClock())(token);
    expect(admission).toMatchObject({ is: 'refused', status, message: expect.stringMatching(message) });
  });

  test('nobody while the apiserver does not answer, and that is not kept', async () => {
    let fails = true;
    const { asked, client } = apiserver(true, undefined);
    const admit = byTokenReview(
      { create: (...args) => (fails ? Promise.reject(new Error('it is gone')) : client.create(...args)) },
      new ManualClock(),
    );
    expect(await admit('good')).toMatchObject({ is: 'refused', status: 503 });
    fails = false;
    expect(await admit('good')).toEqual({ is: 'allowed' });
    expect(asked.length).toBe(2);
  });

  test('few at once, so that guesses do not become requests without end', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const { asked, client } = apiserver(true);
    const admit = byTokenReview({ create: async (...args) => (await gate, client.create(...args)) }, new ManualClock());
    const answers = Array.from({ length: 10 }, (_, index) => admit(`guess ${index}`));
    release();
    const statuses = (await Promise.all(answers)).map((one) => (one.is === 'refused' ? one.status : 200));
    expect(statuses.sort()).toEqual([401, 401, 401, 401, 429, 429, 429, 429, 429, 429]);
    expect(asked.length).toBe(4);
  });
});

test.each<[string, boolean]>([
  ['127.0.0.1', true],
  ['127.8.9.1', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['10.0.0.1', false],
  ['::ffff:10.127.0.1', false],
  ['1127.0.0.1', false],
  ['fe80::1', false],
  ['', false],
])('%s is this machine: %s', (address, isLocal) => {
  expect(isLoopback(address)).toBe(isLocal);
});
