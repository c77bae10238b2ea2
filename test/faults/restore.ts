/**
 * Etcd is put back to a copy of some writes ago, at moments spread over real stories, while the operator runs or with a new one afterwards. People do
 * again what the copy does not have; the end is the same. Nothing is written onto what was not listed again.
 */
import { untilPoliciesAreHeeded } from '../operator/heeded.ts';
import type { Fault } from './faults.ts';
import { clusterBaseline } from './scenarios/clusterBaseline.ts';
import { policyWaiver } from './scenarios/policyWaiver.ts';
import { startWireBed } from './wire/bed.ts';
import { leaseFlags } from './wire/lease.ts';
import type { Round } from './wire/round.ts';
import { Sight } from './wire/sight.ts';
import { Following, runWholes, type Whole } from './wire/wholes.ts';

const places = 8;

export const restore: Fault = async (say, signal, { only }) => {
  const following = new Following();
  const sight = new Sight();
  const bed = await startWireBed({
    flags: leaseFlags,
    onWrite: (write) => {
      sight.written(write);
      return following.passes(write);
    },
    onRead: (path) => sight.read(path),
  });
  // Its watches begin where they were, which means nothing afterwards.
  await bed.witness.stop();
  let copy = '';
  const done = new Map<string, readonly string[]>();
  const copyAll = (round: Round) =>
    round.whilePaused(async () => {
      for (const { place } of round.stories) done.set(place.id, [...place.done]);
      copy = await bed.cluster.cluster.copyStore();
      await untilPoliciesAreHeeded(bed.cluster.kubectl);
      round.letGo();
    });
  const restored = (then: () => Promise<void>) => (round: Round) =>
    round.whilePaused(async () => {
      // Before anything can be listed again: the operator may be faster than what is started after the apiserver.
      await bed.cluster.cluster.restoreStore(copy, () => sight.forget());
      await untilPoliciesAreHeeded(bed.cluster.kubectl);
      for (const { place } of round.stories) {
        place.done.clear();
        for (const step of done.get(place.id) ?? []) place.done.add(step);
      }
      round.tellAgain();
      await then();
      round.letGo();
    });
  const afterwards = () => Promise.resolve(sight.problems());
  const wholes: readonly Whole[] = [
    { name: 'running', steps: [copyAll, restored(() => Promise.resolve())], afterwards },
    { name: 'restarted', steps: [copyAll, restored(() => bed.victim.restart())], afterwards },
  ];
  try {
    const { count, lines, problems } = await runWholes(
      {
        bed: { proxies: [bed.proxy], place: () => bed.place() },
        fault: 'restore',
        scenarios: [clusterBaseline, policyWaiver],
        ...{ places, wholes, say, signal, only },
      },
      following,
    );
    const deaths = bed.victim.deaths.map((death) => `the operator ended by itself: ${death}`);
    return { count, lines, problems: [...problems, ...deaths] };
  } finally {
    await bed.stop();
  }
};
