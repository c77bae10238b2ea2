/** A ClusterBaseline makes two objects; one is changed by hand and corrected; the other is forbidden, and deleted; the baseline goes, and prunes. */
import type { ClusterBaseline } from '../../../operator/api/v1alpha1/clusterBaseline.ts';
import type { DriftReport } from '../../../operator/api/v1alpha1/driftReport.ts';
import { apiVersion, conditionOf } from '../../operator/bed.ts';
import { until } from '../../operator/until.ts';
import { accountIn, accountName } from './account.ts';
import { normalized, once, type Place, type Scenario } from './scenario.ts';

const settings = (id: string, name: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: id },
  data: { a: 'right' },
});

const declared = ({ id }: Place, two: 'MustHave' | 'MustNotHave') => ({
  apiVersion,
  kind: 'ClusterBaseline',
  metadata: { name: id },
  spec: {
    serviceAccountRef: { namespace: id, name: accountName },
    mode: 'Enforce',
    prune: 'Created',
    objects: [
      { name: 'one', template: settings(id, 'one') },
      { name: 'two', match: two, template: settings(id, 'two') },
    ],
  },
});

const baseline = ({ kubectl, id }: Place) => kubectl.get<ClusterBaseline>('clusterbaseline', id);
const data = async ({ kubectl, id }: Place, name: string) =>
  (await kubectl.get<{ data?: Record<string, string> }>('configmap', name, id))?.data;

/** What it has yet to become, of its newest generation. */
async function unsettled(place: Place): Promise<string | undefined> {
  const seen = await baseline(place);
  if (seen?.status?.observedGeneration !== seen?.metadata.generation) return 'the newest generation is not evaluated';
  const compliant = conditionOf(seen, 'Compliant');
  return compliant?.status === 'True' ? undefined : `it is not compliant: ${compliant?.message ?? 'not known yet'}`;
}

export const clusterBaseline: Scenario = {
  name: 'baseline',
  begin: async (place) => {
    await place.kubectl.apply(...accountIn(place.id));
    await place.kubectl.apply(declared(place, 'MustHave'));
  },
  next: async (place) => {
    const open = await unsettled(place);
    if (open) return open;
    const wrong = { ...settings(place.id, 'one'), data: { a: 'wrong' } };
    if (await once(place, 'drifts', () => place.kubectl.applyAs('someone', wrong))) return 'it drifts';
    if ((await data(place, 'one'))?.['a'] !== 'right') return 'the drift is not corrected';
    const forbid = () => place.kubectl.apply(declared(place, 'MustNotHave'));
    if (await once(place, 'forbids', forbid)) return 'an object is forbidden';
    if (await data(place, 'two')) return 'the forbidden object is there';
    return undefined;
  },
  end: async (place) => ({
    status: normalized((await baseline(place))?.status, place.id),
    reports: normalized(
      (await place.kubectl.list<DriftReport>('driftreports', { namespace: place.id })).map(({ status }) => status),
      place.id,
    ),
    data: [await data(place, 'one'), await data(place, 'two')],
  }),
  remove: async (place) => {
    await place.kubectl.run('delete', 'clusterbaseline', place.id, '--wait=false');
    const left = async () => {
      const reports = await place.kubectl.list('driftreports', { namespace: place.id });
      const maps = [await data(place, 'one'), await data(place, 'two')].filter(Boolean);
      return { baseline: (await baseline(place))?.status, maps, reports: reports.length };
    };
    const isGone = async () => {
      const { baseline: one, maps, reports } = await left();
      return one === undefined && maps.length === 0 && reports === 0 ? true : undefined;
    };
    await until('nothing is left of the baseline', isGone, { seconds: 90, everyMilliseconds: 300, seen: left });
    await place.kubectl.run('delete', 'namespace,clusterrolebinding', place.id, '--wait=false');
  },
};
