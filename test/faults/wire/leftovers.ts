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
  let left: string[] = [];
  const look = async (): Promise<true | undefined> => {
    left = await leftNow(bed);
    return left.length === 0 ? true : undefined;
  };
  await until('nothing is left', look, { seconds: 120, everyMilliseconds: 1000 }).catch(() => undefined);
  return left.map((line) => `left over: ${line}`);
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
