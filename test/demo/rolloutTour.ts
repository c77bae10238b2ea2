/** A new revision goes through the hosts step by step: one that cannot be applied is undone on the host that had it, a good one reaches all. */
import type { CanaryRollout } from '../../operator/api/v1alpha1/canaryRollout.ts';
import type { Device } from '../../operator/api/v1alpha1/device.ts';
import type { DeviceCheck } from '../../operator/api/v1alpha1/deviceCheck.ts';
import { apiVersion, conditionOf, namespace, untilCondition, type Bed } from '../operator/bed.ts';
import { rolledOutBaseline } from '../operator/rolledOut.ts';
import { until } from '../operator/until.ts';
import { say, show, showPlugin, step } from './narration.ts';

export async function rolloutTour(bed: Bed): Promise<void> {
  const { kubectl } = bed;
  const rollout = (...args: string[]) =>
    showPlugin(bed.cluster.kubeconfig, 'rollout', ...args, '--namespace', namespace);
  step('Rolling out a new revision by canary: 34% of the hosts, then all');
  await declare(kubectl, 'Immediate', banner('Welcome.'));
  await untilCondition(kubectl, 'devicebaseline', 'banner', 'Compliant', 'True');
  await declare(kubectl, 'Rollout', banner('Welcome.'));
  say('  $ kubectl apply --filename canaryrollout-banner.yaml');
  await kubectl.apply({
    apiVersion,
    kind: 'CanaryRollout',
    metadata: { name: 'banner', namespace },
    spec: {
      target: { deviceBaselineRef: { name: 'banner' } },
      steps: [
        { percent: 34, soakSeconds: 3 },
        { percent: 100, soakSeconds: 3 },
      ],
      stepTimeoutSeconds: 10,
    },
  });
  await state(kubectl, 'NothingToDo');
  await until('each host has its revision', async () => {
    const devices = await kubectl.list<Device>('devices');
    return (
      devices.every(
        ({ status }) => status?.summary?.revision !== 'none' && conditionOf({ status }, 'Compliant')?.status === 'True',
      ) || undefined
    );
  });
  await show(kubectl, 'get', 'canaryrollouts,devices');

  step('A bad revision: its package does not exist');
  say('  $ kubectl apply --filename devicebaseline-banner.yaml');
  await declare(kubectl, 'Rollout', banner('Authorized use only.'), {
    name: 'agent',
    severity: 'Medium',
    package: { name: 'no-such-agent' },
  });
  await state(kubectl, 'Converging');
  await show(kubectl, 'get', 'canaryrollouts,devices');
  await state(kubectl, 'RolledBack');
  await rollout('get', 'banner');
  say(`  web-01..03# cat /etc/issue.net: ${(await contents(bed)).join(' | ')}`);

  step('A good revision');
  say('  $ kubectl apply --filename devicebaseline-banner.yaml');
  await declare(kubectl, 'Rollout', banner('Authorized use only.'));
  await state(kubectl, 'Completed');
  await show(kubectl, 'get', 'canaryrollouts,devices');
  say(`  web-01..03# cat /etc/issue.net: ${(await contents(bed)).join(' | ')}`);
}

function banner(text: string): DeviceCheck {
  return { name: 'banner', severity: 'Low', file: { path: '/etc/issue.net', content: `${text}\n`, mode: '0644' } };
}

async function declare(
  kubectl: Bed['kubectl'],
  type: 'Immediate' | 'Rollout',
  ...checks: DeviceCheck[]
): Promise<void> {
  await kubectl.apply(rolledOutBaseline({ name: 'banner', type, checks }));
}

async function state(kubectl: Bed['kubectl'], wanted: string): Promise<void> {
  let last: CanaryRollout | undefined;
  await until(
    `CanaryRollout banner is ${wanted}`,
    async () => {
      last = await kubectl.get<CanaryRollout>('canaryrollout', 'banner');
      return last?.status?.summary?.state === wanted ? true : undefined;
    },
    { seconds: 120, seen: () => last?.status?.summary },
  );
}

async function contents(bed: Bed): Promise<string[]> {
  const names = ['web-01', 'web-02', 'web-03'];
  return Promise.all(names.map(async (name) => (await bed.host(name).mustRun('cat /etc/issue.net')).trim()));
}
