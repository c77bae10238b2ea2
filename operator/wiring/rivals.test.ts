import { expect, test } from '@jest/globals';
import type { Resource } from '../api/v1alpha1/shared.ts';
import type { Kind } from '../api/kind.ts';
import { ApiError } from '../runtime/apiError.ts';
import type { Body } from '../runtime/client.ts';
import { assertNoRival } from './rivals.ts';

const own = { namespace: 'holdfast', name: 'holdfast-operator' };
type Leases = Readonly<Record<string, number>>;
/** Namespaces whose account has the rights of an operator. */
const operators = ['holdfast', 'other'];

/** The Leases by namespace, before and after the wait. */
async function asked(before: Leases, after: Leases, ours: typeof own | 'none' = own) {
  const waits: number[] = [];
  const listed = (leases: Leases) =>
    Object.entries(leases).map(([namespace, version]) => ({
      metadata: { name: own.name, namespace, resourceVersion: `${version}` },
    })) as Resource[];
  const client = {
    list: () => Promise.resolve({ items: listed(waits.length ? after : before), resourceVersion: '1', continue: '' }),
    create: (_kind: Kind, { spec }: Body) => {
      const { user } = spec as { user: string };
      const allowed = operators.some((namespace) => user === `system:serviceaccount:${namespace}:holdfast-operator`);
      return Promise.resolve({ status: { allowed } } as never);
    },
  };
  const wait = (milliseconds: number) => Promise.resolve(void waits.push(milliseconds));
  const problem = await assertNoRival({
    client,
    own: ours === 'none' ? undefined : ours,
    wait,
    onUnknown: () => undefined,
  }).then(
    () => undefined,
    (error: Error) => error.message,
  );
  return { problem, waits };
}

test.each<[string, Leases, Leases]>([
  ['there is no Lease', {}, {}],
  ['there is our own', { holdfast: 1 }, { holdfast: 2 }],
])('nobody else leads, which is known immediately, when %s', async (_, before, after) => {
  expect(await asked(before, after)).toEqual({ problem: undefined, waits: [] });
});

test.each<[string, Leases, Leases]>([
  ['another Lease is not renewed', { other: 7 }, { other: 7 }],
  ['another Lease is deleted', { other: 7 }, {}],
  ['a Lease is renewed by whoever may write Leases in a namespace', { tenant: 7 }, { tenant: 8 }],
])('nobody else leads when %s', async (_, before, after) => {
  expect(await asked(before, after)).toEqual({ problem: undefined, waits: [5000] });
});

test('another operator leads when another Lease is renewed', async () => {
  const { problem } = await asked({ holdfast: 1, other: 7 }, { holdfast: 2, other: 8 });
  expect(problem).toMatch(/^another operator leads by Lease other\/holdfast-operator, .*; stop one of them/);
});

test('a Lease that is not of an operator does not hide one that is', async () => {
  const { problem } = await asked({ a: 1, tenant: 7, other: 7 }, { a: 2, tenant: 8, other: 8 });
  expect(problem).toMatch(/Lease other\/holdfast-operator/);
});

test('every Lease of that name is of another one when we have none, or one of another name', async () => {
  for (const ours of ['none' as const, { ...own, name: 'mine' }])
    expect((await asked({ holdfast: 1 }, { holdfast: 2 }, ours)).problem).toMatch(/Lease holdfast\/holdfast-operator/);
});

test('what it may not list is not known, and does not prevent the start', async () => {
  const unknown: string[] = [];
  const refused = new ApiError('list', 403, { message: 'leases are forbidden', reason: 'Forbidden' });
  await assertNoRival({
    client: { list: () => Promise.reject(refused), create: () => Promise.reject(refused) },
    own,
    wait: () => Promise.resolve(),
    onUnknown: ({ said }) => void unknown.push(said),
  });
  expect(unknown).toEqual(['leases are forbidden']);
});
