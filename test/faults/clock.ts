/**
 * The wall clock of the operator jumps, forth and back, at writes spread over real stories: the end is the same, nothing waits for the clock to
 * catch up, and a waiver that has expired stays so when the clock is set back.
 */
import { join } from 'node:path';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { ClusterBaseline } from '../../operator/api/v1alpha1/clusterBaseline.ts';
import type { PolicyWaiver } from '../../operator/api/v1alpha1/policyWaiver.ts';
import { conditionOf } from '../operator/bed.ts';
import { fakedClock } from '../operator/clockJump.ts';
import { until } from '../operator/until.ts';
import type { Fault } from './faults.ts';
import { clusterBaseline } from './scenarios/clusterBaseline.ts';
import { coveredFor, policyWaiver } from './scenarios/policyWaiver.ts';
import { normalized, type Place, type Scenario } from './scenarios/scenario.ts';
import { startWireBed, type WireBed } from './wire/bed.ts';
import { leaseFlags } from './wire/lease.ts';
import { Round, untilQuiet } from './wire/round.ts';
import { Following, runWholes, type Whole } from './wire/wholes.ts';

/** By the wall clock, corrections are remembered for ten minutes. */
const baseline: Scenario = {
  ...clusterBaseline,
  end: async (place) => normalized(await clusterBaseline.end(place), place.id, /^correction/),
};

const places = 6;
const hour = 3600;

export const clock: Fault = async (say, signal, { only }) => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-clock-'));
  const following = new Following();
  const { environment, to } = await fakedClock(folder);
  const bed = await startWireBed({ flags: leaseFlags, environment, onWrite: (write) => following.passes(write) });
  const jump = (seconds: number) => (round: Round) => {
    to(seconds);
    round.letGo();
    return Promise.resolve();
  };
  const afterwards = () => {
    to(0);
    return Promise.resolve([]);
  };
  const wholes: readonly Whole[] = [
    { name: 'forth', steps: [jump(hour)], afterwards },
    { name: 'back', steps: [jump(-hour)], afterwards },
    { name: 'forth-and-back', steps: [jump(hour), jump(0)], afterwards },
    { name: 'back-and-forth', steps: [jump(-hour), jump(0)], afterwards },
  ];
  const storyBed = { proxies: [bed.proxy], witness: bed.witness, place: bed.place, starts: () => bed.victim.starts };
  try {
    const scenarios = [baseline, policyWaiver];
    const { count, lines, problems } = await runWholes(
      { bed: storyBed, fault: 'clock', scenarios, places, wholes, say, signal, only },
      following,
    );
    const expiry = only.length === 0 || only.includes('expiry') ? await expiries(bed, following, to) : [];
    const deaths = bed.victim.deaths.map((death) => `the operator ended by itself: ${death}`);
    return { count, lines, problems: [...problems, ...expiry, ...deaths] };
  } finally {
    await bed.stop();
    await rm(folder, { recursive: true });
  }
};

const minute = 60;

/** Of waivers that end in half an hour and in one and a half, after an hour forth, and back, and a start of the operator. */
async function expiries(bed: WireBed, following: Following, to: (seconds: number) => void): Promise<string[]> {
  const lengths = [30 * minute, 30 * minute, 90 * minute, 90 * minute];
  const round = new Round(
    { proxies: [bed.proxy], place: bed.place },
    lengths.map((seconds) => [coveredFor(seconds), []] as const),
  );
  following.follow(round);
  round.begin();
  await round.untilToldToTheEnd();
  to(hour);
  const isExpired = async ({ place }: (typeof round.stories)[number]) => (await stateOf(place)).startsWith('Drifted');
  const expired = async () => {
    const all = await Promise.all(round.stories.map(isExpired));
    return all.every((is, at) => is === lengths[at]! < hour) || undefined;
  };
  const states = () => Promise.all(round.stories.map(({ place }) => stateOf(place)));
  await until('the short ones have expired', expired, { seconds: 60, everyMilliseconds: 300, seen: states });
  await untilQuiet(round.stories);
  const before = await states();
  to(0);
  await untilQuiet(round.stories);
  const back = await states();
  await bed.victim.restart();
  await untilQuiet(round.stories);
  const started = await states();
  for (const { scenario, place } of round.stories) await scenario.remove(place);
  return before.flatMap((state, at) =>
    [back[at], started[at]].flatMap((later) =>
      later === state ? [] : [`expiry: a waiver of ${lengths[at]} s was ${state}, and then ${later}`],
    ),
  );
}

async function stateOf({ kubectl, id }: Place): Promise<string> {
  const waiver = await kubectl.get<PolicyWaiver>('policywaiver', 'waiver', id);
  const baseline = await kubectl.get<ClusterBaseline>('clusterbaseline', id);
  const reasons = [conditionOf(baseline, 'Compliant'), conditionOf(waiver, 'Effective')].map((one) => one?.reason);
  return reasons.join(', ');
}
