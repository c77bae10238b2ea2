/** A revision is rolled out, to a fleet of one host; the next one cannot be applied, and is undone. */
import type { CanaryRollout } from '../../../operator/api/v1alpha1/canaryRollout.ts';
import type { DeviceCheck } from '../../../operator/api/v1alpha1/deviceCheck.ts';
import type { DriftReport } from '../../../operator/api/v1alpha1/driftReport.ts';
import { apiVersion } from '../../operator/bed.ts';
import { pathOf } from '../wire/hosts.ts';
import { baseline, beginOnHost, hostOf, onHost } from './onHost.ts';
import { normalized, once, type Place, type Scenario } from './scenario.ts';

const [good, bad] = ['good\n', 'bad\n'];
/** Nothing of that name is in any repository. */
const missing: DeviceCheck = { name: 'missing', severity: 'Low', package: { name: 'no-such-package-anywhere' } };

async function declare({ id, kubectl }: Place, content: string, ...more: DeviceCheck[]): Promise<void> {
  await kubectl.apply({
    apiVersion,
    kind: 'DeviceBaseline',
    metadata: { name: id, namespace: id },
    spec: {
      selector: { matchLabels: { os: 'rhel9' } },
      intervalSeconds: 60,
      mode: 'Enforce',
      updateStrategy: { type: 'Rollout' },
      remediation: { backend: 'Local', maxUnavailable: 1 },
      checks: [{ name: 'content', severity: 'High', file: { path: pathOf(id), content } }, ...more],
    },
  });
}

/** The bad revision is given up soon; the good one must not be, however slow the machine is. */
const patience = { good: 240, bad: 10 };

async function rollOut({ id, kubectl }: Place, stepTimeoutSeconds: number): Promise<void> {
  const spec = {
    target: { deviceBaselineRef: { name: id } },
    steps: [{ percent: 100, soakSeconds: 0 }],
    stepTimeoutSeconds,
  };
  await kubectl.apply({ apiVersion, kind: 'CanaryRollout', metadata: { name: id, namespace: id }, spec });
}

const rolloutOf = ({ kubectl, id }: Place) => kubectl.get<CanaryRollout>('canaryrollout', id, id);

export const rollout: Scenario = {
  // A correction that fails is tried again: how often is no matter, so that executions are not counted.
  needsHost: true,
  places: 6,
  remove: onHost.remove,
  name: 'rollout',
  troubles: {
    write: ['kill-before', 'kill-after', 'lost-reply', '409'],
    frame: ['drop'],
    every: 3,
  },
  begin: async (place) => {
    await beginOnHost(place);
    await declare(place, good);
    await rollOut(place, patience.good);
  },
  next: async (place) => {
    const { status } = (await rolloutOf(place)) ?? {};
    const file = await hostOf(place).host.readFile(pathOf(place.id));
    if (!place.done.has('bad') && status?.completionTime === undefined) return 'the first rollout is not complete';
    if (!place.done.has('bad') && file !== good) return `the rollout is complete, and the file is ${file}`;
    const declareBad = async () => {
      await rollOut(place, patience.bad);
      await declare(place, bad, missing);
    };
    if (await once(place, 'bad', declareBad)) return 'a bad revision is declared';
    if (status?.rollback?.completionTime === undefined) return 'the bad revision is not taken back';
    if (file !== good) return `it is taken back, and the file is ${file}`;
    const { returning, moved } = (await baseline(place))?.status?.assignment ?? {};
    return (returning ?? moved) ? 'the host is still assigned something else' : undefined;
  },
  end: async (place) => {
    const { id, kubectl } = place;
    const { status } = (await rolloutOf(place)) ?? {};
    const reports = await kubectl.list<DriftReport>('driftreports', { namespace: id });
    const { assignment } = (await baseline(place))?.status ?? {};
    const all = {
      file: await hostOf(place).host.readFile(pathOf(id)),
      rejects: status?.rollback?.rejects,
      incomplete: status?.rollback?.incomplete,
      rejected: assignment?.rejected?.length,
      proven: assignment?.proven,
      reports: reports.map(({ status: said }) => said?.result),
    };
    return normalized(all, id);
  },
};
