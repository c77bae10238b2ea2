/** Reads a baseline and what was reported of its targets, with the rights of who asks, and prints it. */
import { resources } from '../../../api/generated/resources.ts';
import type { Resource } from '../../../api/v1alpha1/shared.ts';
import { clusterBaselineSource } from '../../../drift/clusterBaseline/source.ts';
import { deviceBaselineSource } from '../../../drift/deviceBaseline/source.ts';
import { junit } from '../../../evidence/outputs/junit.ts';
import { baselineResults, type BaselineResults } from '../../../evidence/outputs/results.ts';
import { sarif } from '../../../evidence/outputs/sarif.ts';
import type { FindingSource } from '../../../findings/source.ts';
import { ownVersion } from '../../../wiring/version.ts';
import { exit, Failure, type Cluster, type Exit, type Io, type Where } from '../../command.ts';
import type { ResultsOutput } from '../../results.ts';
import { withProgress } from '../../progress.ts';
import { written } from '../../written.ts';
import { listed } from '../listed.ts';
import { unread } from '../unread.ts';
import { readerOver } from './reader.ts';
import { allOf } from '../allOf.ts';

interface Asked {
  readonly name: string;
  readonly isOfCluster: boolean;
  readonly format: ResultsOutput;
  readonly namespace?: string;
  readonly where: Where;
}

export async function runResults({ where, namespace, ...asked }: Asked, io: Io): Promise<Exit> {
  const cluster = await io.cluster(where);
  try {
    const place = { ...asked, namespace: namespace ?? cluster.namespace ?? 'default' };
    const results = await withProgress(io, 'Reading the results', () => read(cluster, place));
    io.stdout(printed(results, asked.format));
    const isFine = results.targets.every(({ checks }) => checks.every(({ is }) => is !== 'fail' && is !== 'unknown'));
    return isFine && results.targets.length ? exit.holds : exit.differs;
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`the results cannot be read: ${unread(error).message}.`);
  } finally {
    await cluster.close();
  }
}

async function read(
  cluster: Cluster,
  { name, isOfCluster, namespace }: Pick<Asked, 'name' | 'isOfCluster'> & { readonly namespace: string },
): Promise<BaselineResults> {
  const kind = isOfCluster ? resources.ClusterBaseline : resources.DeviceBaseline;
  const place = { namespace: isOfCluster ? '' : namespace, name };
  const baseline = await cluster.client.get<Resource>(kind, place, AbortSignal.timeout(10_000));
  const what = isOfCluster ? `ClusterBaseline ${name}` : `DeviceBaseline ${name}`;
  if (!baseline)
    throw new Failure(`${what} does not exist${isOfCluster ? '' : ` in namespace ${namespace}`}; check its name.`);
  const source = (isOfCluster ? clusterBaselineSource : deviceBaselineSource) as FindingSource;
  const home = source.home(baseline);
  const [devices, reports, waivers] = await allOf([
    isOfCluster ? [] : listed(cluster, resources.Device, home),
    listed(cluster, resources.DriftReport, home),
    // Objects of a namespace are waived there.
    listed(cluster, resources.PolicyWaiver, isOfCluster ? '' : home),
  ]);
  const reader = readerOver(
    new Map<string, readonly Resource[]>([
      [kind.kind, [baseline]],
      ['Device', devices],
      ['DriftReport', reports],
      ['PolicyWaiver', waivers],
    ]),
  );
  const now = cluster.date() ?? cluster.clock.now();
  return baselineResults({ source, object: baseline }, { read: reader, namespace: home, now, sources: [source] });
}

function printed(results: BaselineResults, format: ResultsOutput): string {
  if (format === 'junit') return junit(results);
  return format === 'sarif' ? written(sarif(results, ownVersion()), 'json') : written(results, format);
}
