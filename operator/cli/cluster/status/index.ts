/** Reads all areas at once, each on its own: what may not be read is named, and stops nothing else. */
import type { Resource } from '../../../api/v1alpha1/shared.ts';
import { LEASE } from '../../../runtime/lease.ts';
import { exit, Failure, type Cluster, type Exit, type Io, type Where } from '../../command.ts';
import { listed } from '../listed.ts';
import { operatorName, type Lease } from '../kinds.ts';
import { unread } from '../unread.ts';
import { areas } from './areas.ts';
import { summaryOf, type Read } from './summary.ts';
import { operatorText, summaryText } from './text.ts';

interface Asked {
  /** All when empty. */
  readonly namespace: string;
  readonly output: 'text' | 'json';
  readonly where: Where;
}

const mostShown = 10;
const operatorNamespace = 'holdfast';

export async function runStatus({ namespace, output, where }: Asked, io: Io): Promise<Exit> {
  const cluster = await io.cluster(where);
  try {
    const [operator, ...reads] = await Promise.all([
      operatorStanding(cluster),
      ...areas.map(async (area): Promise<Read> => {
        try {
          return { area, objects: await listed<Resource>(cluster, area.kind, area.kind.namespaced ? namespace : '') };
        } catch (error) {
          return { area, unread: unread(error).message };
        }
      }),
    ]);
    if (reads.every((read) => 'unread' in read))
      throw new Failure(`nothing can be read: ${reads.map((read) => ('unread' in read ? read.unread : ''))[0]}.`);
    const now = cluster.date() ?? cluster.clock.now();
    const isText = output === 'text';
    const summary = summaryOf(reads, now, isText ? mostShown : Infinity);
    const text = operatorText(
      operator.renewed && (now.getTime() - operator.renewed.getTime()) / 1000,
      operator.problem,
    );
    io.stdout(
      isText
        ? summaryText(summary, text, io.terminal?.()?.columns ?? 80)
        : `${JSON.stringify({ operator: text, ...summary }, undefined, 2)}\n`,
    );
    return summary.isWell && text === 'runs' ? exit.holds : exit.differs;
  } finally {
    await cluster.close();
  }
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
