/** A file of a place on its host, declared by a DeviceBaseline that is corrected by Ansible. */
import type { AnsibleRun } from '../../../operator/api/v1alpha1/ansibleRun.ts';
import type { DeviceBaseline } from '../../../operator/api/v1alpha1/deviceBaseline.ts';
import type { DriftReport } from '../../../operator/api/v1alpha1/driftReport.ts';
import { apiVersion, conditionOf, credentials, deviceOf } from '../../operator/bed.ts';
import { until } from '../../operator/until.ts';
import { executedOn, pathOf } from '../wire/hosts.ts';
import { accountIn } from './account.ts';
import { normalized, type Place, type Scenario } from './scenario.ts';

export function hostOf({ host, fleet }: Place) {
  if (!host || !fleet) throw new Error('the scenario needs a host, and its place has none');
  return { host, fleet };
}

/** Not what is declared, and nothing that anybody declares. */
export const found = 'found\n';

/** The namespace, the Device with its key, and the file as it is found. */
export async function beginOnHost(place: Place): Promise<void> {
  const { host, fleet } = hostOf(place);
  const { id, kubectl } = place;
  await host.writeFile(pathOf(id), found);
  const here = (object: object) => ({
    ...object,
    metadata: { ...(object as { metadata: object }).metadata, namespace: id },
  });
  await kubectl.apply(...accountIn(id), here(await credentials(fleet)), here(deviceOf(host, fleet)));
}

export async function declare({ id, kubectl }: Place, content: string): Promise<void> {
  await kubectl.apply({
    apiVersion,
    kind: 'DeviceBaseline',
    metadata: { name: id, namespace: id },
    spec: {
      selector: { matchLabels: { os: 'rhel9' } },
      intervalSeconds: 60,
      mode: 'Enforce',
      remediation: { backend: 'Local', maxUnavailable: 1 },
      checks: [{ name: 'content', severity: 'High', file: { path: pathOf(id), content } }],
    },
  });
}

export const baseline = ({ kubectl, id }: Place) => kubectl.get<DeviceBaseline>('devicebaseline', id, id);
export const runsOf = ({ kubectl, id }: Place) => kubectl.list<AnsibleRun>('ansibleruns', { namespace: id });

/** What the newest generation has yet to become. */
export async function uncorrected(place: Place, content: string): Promise<string | undefined> {
  const seen = await baseline(place);
  if (seen?.status?.observedGeneration !== seen?.metadata.generation) return 'the newest generation is not evaluated';
  const compliant = conditionOf(seen, 'Compliant');
  if (compliant?.status !== 'True') return `it is not compliant: ${compliant?.message ?? 'not known yet'}`;
  const is = await hostOf(place).host.readFile(pathOf(place.id));
  return is === content ? undefined : `it is compliant, and the file is ${JSON.stringify(is)}`;
}

export const onHost: Pick<Scenario, 'needsHost' | 'places' | 'troubles' | 'end' | 'executions' | 'remove'> = {
  needsHost: true,
  places: 6,
  troubles: {
    write: ['kill-before', 'kill-after', 'lost-reply', '409', '504-after', 'delay'],
    frame: ['drop', 'silence', 'old-list'],
  },
  end: async (place) => {
    const reports = await place.kubectl.list<DriftReport>('driftreports', { namespace: place.id });
    const { host } = hostOf(place);
    const executed = await executedOn(host, place.id);
    if (Object.keys(executed).length === 0) throw new Error('it was corrected, and nothing was seen to be executed');
    const all = {
      executed: Object.keys(executed),
      file: await host.readFile(pathOf(place.id)),
      baseline: (await baseline(place))?.status,
      reports: reports.map(({ metadata, status }) => ({ name: metadata.name, status })),
      // Who of two executes a run is no matter.
      runs: (await runsOf(place)).map(({ status }) => ({ ...status, executor: undefined })),
    };
    // Places have one host or the other.
    return normalized(normalized(all, host.name), place.id);
  },
  executions: (place) => executedOn(hostOf(place).host, place.id),
  remove: async (place) => {
    const { id, kubectl } = place;
    await kubectl.run('delete', 'devicebaseline', id, '--namespace', id, '--wait=false');
    const left = async () => ({
      baseline: (await baseline(place))?.metadata,
      reports: (await kubectl.list('driftreports', { namespace: id })).length,
      unfinished: (await runsOf(place)).filter(({ status }) => !status?.completionTime).length,
    });
    const isGone = async () => {
      const { baseline: one, reports, unfinished } = await left();
      return !one && reports + unfinished === 0 ? true : undefined;
    };
    await until('nothing is left of the baseline', isGone, { seconds: 120, everyMilliseconds: 300, seen: left });
    await hostOf(place).host.mustRun(`rm ${pathOf(id)}`);
    await kubectl.run('delete', 'namespace,clusterrolebinding', id, '--wait=false');
  },
};
