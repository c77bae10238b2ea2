/** Reads windows and those who may wait for them, with the rights of who asks: what may not be read is named. */
import { resources } from '../../../api/generated/resources.ts';
import type { Kind } from '../../../api/kind.ts';
import type { Resource } from '../../../api/v1alpha1/shared.ts';
import { exit, Failure, type Cluster, type Exit, type Io } from '../../command.ts';
import { asFailure, listed } from '../listed.ts';
import { unread } from '../unread.ts';
import { within, type Place } from '../within.ts';
import { hereOf, isAllWell, reportsOf, windowsJson, windowsText, type Windows } from './report.ts';
import { written } from '../../written.ts';
import { allOf } from '../allOf.ts';

interface Asked {
  /** All when undefined. */
  readonly name: string | undefined;
  /** How many openings of each. */
  readonly count: number;
  readonly output: 'text' | 'json';
  readonly everywhere: boolean;
  readonly place: Place;
}

export function runWindows({ place, everywhere, output, ...asked }: Asked, io: Io): Promise<Exit> {
  return within(place, io, async (cluster, named) => {
    const namespace = everywhere ? '' : named;
    const { windows, now } = await read(cluster, namespace, asked).catch((error: unknown) => {
      throw asFailure('the windows cannot be read', error);
    });
    const here = hereOf(Intl.DateTimeFormat().resolvedOptions().timeZone, now);
    if (output === 'json') io.stdout(written(windowsJson(windows, here), 'json'));
    else if (windows.windows.length > 0) io.stdout(windowsText(windows, here));
    else io.stdout(`No MaintenanceWindow${everywhere ? '' : ` in namespace ${namespace}`}: nothing waits for one.\n`);
    return isAllWell(windows) ? exit.holds : exit.differs;
  });
}

async function read(cluster: Cluster, namespace: string, { name, count }: Pick<Asked, 'name' | 'count'>) {
  const unknown: string[] = [];
  const orNamed = <R extends Resource>(kind: Kind<R>, where: string): Promise<R[]> =>
    listed<R>(cluster, kind, where).catch((error: unknown) => {
      unknown.push(`whether a ${kind.kind} waits: ${unread(error).message}`);
      return [];
    });
  const [all, deviceBaselines, clusterBaselines, rollouts, runs] = await allOf([
    listed(cluster, resources.MaintenanceWindow, namespace),
    orNamed(resources.DeviceBaseline, namespace),
    orNamed(resources.ClusterBaseline, ''),
    orNamed(resources.CanaryRollout, namespace),
    orNamed(resources.AnsibleRun, namespace),
  ]);
  const ofPlace = clusterBaselines.filter(
    ({ spec }) => namespace === '' || spec.serviceAccountRef.namespace === namespace,
  );
  const users = { deviceBaselines, clusterBaselines: ofPlace, rollouts, runs };
  const chosen = name === undefined ? all : all.filter(({ metadata }) => metadata.name === name);
  const now = cluster.date() ?? cluster.clock.now();
  const reports = reportsOf(chosen, users, { now, count, named: name });
  if (name !== undefined && reports.length === 0)
    throw new Failure(
      `MaintenanceWindow ${name} does not exist in namespace ${namespace}; list them with \`kubectl holdfast windows -A\`.`,
    );
  const windows: Windows = { windows: reports, unread: unknown };
  return { windows, now };
}
