/**
 * The program measured: observes and decides rollouts, each over its own hosts, as a pass of the feature does, and seals what it decides. Usage: node
 * ours.ts ROLLOUTS DEVICES SECONDS. Ends with one line of JSON. Without numbers it ends at once.
 */
import { keyedDigest } from '../../../operator/lib/digest.ts';
import { sealedPlan } from '../../../operator/governance/sealedPlan.ts';
import { decideRollout } from '../../../operator/rollout/canaryRollout/decide.ts';
import { observeRollout } from '../../../operator/rollout/canaryRollout/observe.ts';
import { fleetReader, rolloutNamed } from './fleet.ts';

const [rollouts = 0, devices = 0, seconds = 0] = process.argv.slice(2).map(Number);
if (!rollouts) process.exit();

const key = new Uint8Array(32);
const seal = (text: string): string => keyedDigest(key, text);
const { read, now } = fleetReader(rollouts, devices);

function pass(index: number): string | undefined {
  const rollout = rolloutNamed(read, index);
  const world = { ...observeRollout(rollout, { read, now }), asked: {} };
  return sealedPlan(rollout, decideRollout(rollout, world, now), seal).status.summary?.state;
}

const states = new Map<string, number>();
for (let index = 0; index < rollouts; index += 1) {
  const state = pass(index) ?? 'none';
  states.set(state, (states.get(state) ?? 0) + 1);
}
const before = process.cpuUsage();
let decisions = 0;
while (spent() < seconds) {
  for (let index = 0; index < rollouts; index += 1) pass(index);
  decisions += rollouts;
}
const line = { decisions, cpuSeconds: spent(), resident: process.memoryUsage().rss, states: [...states] };
process.stdout.write(`${JSON.stringify(line)}\n`);

function spent(): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
