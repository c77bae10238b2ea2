import { expect, test } from '@jest/globals';
import { after, makeBaseline, makeWholeRun, now } from '../../../test/builders/drift.ts';
import { readerOf } from '../../../test/builders/reader.ts';
import { digestOf } from '../../lib/digest.ts';
import { withoutWork } from '../ansibleRun/kept.ts';
import { keptRevisions } from '../revision/store.ts';
import { observeBaselineNow } from './observe.ts';

const signal = new AbortController().signal;
const baseline = makeBaseline();
const { uid } = baseline.metadata;
const made = makeWholeRun('rhel9-1');
const owned = {
  ...made,
  metadata: { ...made.metadata, ownerReferences: [{ ...made.metadata.ownerReferences![0]!, uid: uid! }] },
};
const complete = { ...owned, status: { startTime: after(-60), completionTime: after(-5) } };
const creating = { ...baseline, status: { creating: { name: 'rhel9-1', digest: digestOf(owned.spec) } } };

async function seen(its: typeof baseline, live: unknown = complete) {
  let asked = 0;
  const read = readerOf(its, withoutWork(complete));
  Object.assign(read, { fetch: () => (asked++, Promise.resolve(live)) });
  const { runs } = await observeBaselineNow(its, keptRevisions(), { read, now, signal });
  return { asked, runs: runs.map(({ metadata }) => metadata.name) };
}

test('a run that was created just before the operator ended is its own, also when it is complete by now', async () => {
  expect(await seen(creating)).toEqual({ asked: 1, runs: ['rhel9-1'] });
});

test('one that does something else, or is another by now, is not', async () => {
  expect(await seen(creating, { ...complete, spec: { ...complete.spec, forks: 1 } })).toEqual({ asked: 1, runs: [] });
  const another = { ...complete, metadata: { ...complete.metadata, uid: 'another' } };
  expect(await seen(creating, another)).toEqual({ asked: 1, runs: [] });
});

test('a run that the cache does not show yet is its own: its record does not go', async () => {
  const read = readerOf();
  const asking = (live: unknown) => Object.assign(read, { fetch: () => Promise.resolve(live) });
  const named = async () => {
    const { runs, takenNames } = await observeBaselineNow(creating, keptRevisions(), { read, now, signal });
    return [runs.map(({ metadata }) => metadata.name), [...takenNames]];
  };
  asking(owned);
  expect(await named()).toEqual([['rhel9-1'], ['rhel9-1']]);
  asking(undefined);
  expect(await named()).toEqual([[], []]);
});

test('of a run whose uid is recorded, what the cache keeps is enough', async () => {
  const { uid: runUid = '' } = complete.metadata;
  const known = { ...baseline, status: { creating: { ...creating.status.creating, uid: runUid } } };
  expect(await seen(known)).toEqual({ asked: 0, runs: ['rhel9-1'] });
});

test('nobody is asked while nothing was about to be created', async () => {
  expect(await seen(baseline)).toEqual({ asked: 0, runs: [] });
});
