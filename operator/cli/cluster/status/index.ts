/** Reads all areas at once, each on its own: what may not be read is named, and stops nothing else. */
import type { Resource } from '../../../api/v1alpha1/shared.ts';
import { counted } from '../../../lib/text.ts';
import { LEASE } from '../../../runtime/lease.ts';
import { tinted } from '../../colors.ts';
import { exit, Failure, type Cluster, type Exit, type Io, type Where } from '../../command.ts';
import { withProgress, type Say } from '../../progress.ts';
import { namesText, written } from '../../written.ts';
import { listed } from '../listed.ts';
import { operatorName, type Lease } from '../kinds.ts';
import { unread } from '../unread.ts';
import { areas } from './areas.ts';
import { summaryOf, type Read, type Summary } from './summary.ts';
import { operatorText, summaryText } from './text.ts';

interface Asked {
  /** All when empty. */
  readonly namespace: string;
  /** Text with what is worst when undefined. */
  readonly output: 'wide' | 'json' | 'yaml' | 'name' | undefined;
  readonly where: Where;
}

const mostShown = 10;
const operatorNamespace = 'holdfast';

export async function runStatus({ namespace, output, where }: Asked, io: Io): Promise<Exit> {
  const cluster = await io.cluster(where);
  try {
    const { operator, reads } = await withProgress(io, 'Reading the cluster', (say) =>
      everything(cluster, namespace, say),
    );
    if (reads.every((read) => 'unread' in read)) {
      const [why = ''] = reads.map((read) => ('unread' in read ? read.unread : ''));
      const advice = why.startsWith('you may not') && namespace === '' ? '; for one namespace, add `-n NAMESPACE`' : '';
      throw new Failure(`nothing can be read: ${why}${advice}.`);
    }
    const now = cluster.date() ?? cluster.clock.now();
    const summary = summaryOf(reads, now, output === undefined ? mostShown : Infinity);
    const text = operatorText(
      operator.renewed && (now.getTime() - operator.renewed.getTime()) / 1000,
      operator.problem,
    );
    if (output === 'json' || output === 'yaml') io.stdout(written({ operator: text, ...summary }, output));
    else if (output === 'name') io.stdout(namesText(concerned(summary)));
    else io.stdout(tinted(summaryText(summary, text, io.terminal?.()?.columns ?? 80), io));
    return summary.isWell && text === 'runs' ? exit.holds : exit.differs;
  } finally {
    await cluster.close();
  }
}

/** All at the same time; what cannot be read stops nothing else. */
async function everything(cluster: Cluster, namespace: string, say: Say) {
  let count = 0;
  const told = (more: number): void => say(counted((count += more), 'object'));
  const [operator, ...reads] = await Promise.all([
    operatorStanding(cluster),
    ...areas.map(async (area): Promise<Read> => {
      try {
        const objects = await listed<Resource>(cluster, area.kind, area.kind.namespaced ? namespace : '', { told });
        return { area, objects };
      } catch (error) {
        return { area, unread: unread(error).message };
      }
    }),
  ]);
  return { operator, reads };
}

function concerned({ concerns }: Summary) {
  const kindOf = new Map(areas.map(({ kind }) => [kind.kind, kind]));
  return concerns.map(({ kind, name }) => ({ kind: kindOf.get(kind)!, name }));
}

async function operatorStanding({ client }: Cluster): Promise<{ readonly renewed?: Date; readonly problem?: string }> {
  try {
    const key = { namespace: operatorNamespace, name: operatorName };
    const lease = await client.get<Lease>(LEASE, key, AbortSignal.timeout(10_000));
    const renewed = Date.parse(String(lease?.spec?.renewTime));
    return Number.isNaN(renewed) ? {} : { renewed: new Date(renewed) };
  } catch (error) {
    return { problem: unread(error).message };
  }
}
