/** What is left when all stories are over: objects, what operators keep on their machine, and what they have on hosts. Each as a line. */
import { join } from 'node:path';
import { until } from '../../operator/until.ts';
import { leftBehind } from '../left.ts';
import type { WireBed } from './bed.ts';
import { leftOn } from './hosts.ts';
import { placeIn } from './ledger.ts';

const kinds = ['devicebaselines', 'clusterbaselines', 'driftreports', 'ansibleruns', 'devices', 'policywaivers'];

/** Some of it takes its time to go, and has it. */
export async function leftovers(bed: WireBed): Promise<string[]> {
  const look = async (): Promise<true | undefined> => ((await leftNow(bed)).length === 0 ? true : undefined);
  const options = { seconds: 120, everyMilliseconds: 1000, seen: () => leftNow(bed) };
  return until('nothing is left', look, options).then(
    () => [],
    (error: Error) => [error.message],
  );
}

async function leftNow({ cluster: { kubectl }, operators, fleet }: WireBed): Promise<string[]> {
  const objects = await Promise.all(
    kinds.map(async (kind) => {
      const all = await kubectl.list<{ metadata: { name: string; namespace?: string } }>(kind, { everywhere: true });
      return all
        .filter(({ metadata }) => placeIn(`${metadata.namespace ?? ''} ${metadata.name}`))
        .map(({ metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`);
    }),
  );
  const onHosts = await Promise.all((fleet?.hosts ?? []).map((host) => leftOn(host)));
  const here = operators().flatMap(({ pid, folder }) => leftBehind(join(folder, 'state'), pid));
  return [...objects.flat(), ...onHosts.flat(), ...here];
}
