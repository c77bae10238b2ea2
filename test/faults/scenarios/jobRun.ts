/** Somebody's playbook runs as a Job. The scenario is the node: it says what the container of the Job's pod left. */
import { generateKeyPairSync } from 'node:crypto';
import type { V1Job, V1Pod } from '@kubernetes/client-node';
import type { AnsibleRun } from '../../../operator/api/v1alpha1/ansibleRun.ts';
import { apiVersion, conditionOf, operatorAccount } from '../../operator/bed.ts';
import { grantedIn } from '../../operator/grants.ts';
import { reachesLoopback } from '../../operator/hungHosts.ts';
import { until } from '../../operator/until.ts';
import { normalized, once, type Place, type Scenario } from './scenario.ts';

const { privateKey } = generateKeyPairSync('ed25519');
const hostKey = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${'A'.repeat(43)}`;

/** Nobody listens there: only the pod would connect, and there is none. */
const objectsOf = (id: string): object[] => [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: id } },
  ...grantedIn(id, operatorAccount),
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'ssh', namespace: id },
    stringData: { 'ssh-privatekey': privateKey.export({ type: 'pkcs8', format: 'pem' }) },
  },
  {
    apiVersion,
    kind: 'Device',
    metadata: { name: 'web-01', namespace: id },
    spec: {
      ssh: { host: '127.0.0.1', port: 1, user: 'root', hostKeys: [hostKey], credentialsRef: { name: 'ssh' } },
    },
  },
  {
    apiVersion,
    kind: 'AnsibleRun',
    metadata: { name: 'run', namespace: id },
    spec: { deviceNames: ['web-01'], backend: 'Job', playbook: { inline: '- hosts: all\n  tasks: []\n' } },
  },
];

const run = ({ kubectl, id }: Place) => kubectl.get<AnsibleRun>('ansiblerun', 'run', id);
const pods = ({ kubectl, id }: Place) => kubectl.list<V1Pod>('pods', { namespace: id });
const jobs = ({ kubectl, id }: Place) => kubectl.list<V1Job>('jobs', { namespace: id });
/** The operator cannot delete one. */
const released = async (place: Place) => (await jobs(place)).filter(({ spec }) => spec?.suspend === false);

/** As a kubelet does when the container has ended. */
async function leave({ kubectl, id }: Place, pod: string): Promise<void> {
  const terminated = { exitCode: 0, message: JSON.stringify({ rc: 0, hosts: [[1, 1, 0, 0]], messages: {} }) };
  const container = { name: 'ansible', image: 'x', imageID: 'x', ready: false, restartCount: 0, state: { terminated } };
  const status = { phase: 'Succeeded', containerStatuses: [container] };
  await kubectl.merge('pod', pod, { status }, { subresource: 'status', namespace: id });
}

export const jobRun: Scenario = {
  name: 'job',
  flags: ['--runner-image', 'registry.example.com/runner', ...reachesLoopback],
  begin: ({ kubectl, id }) => kubectl.apply(...objectsOf(id)),
  next: async (place) => {
    const succeeded = conditionOf(await run(place), 'Succeeded');
    if (succeeded?.status === 'True') return undefined;
    const [pod] = await pods(place);
    const { name = '' } = pod?.metadata ?? {};
    if (name && (await once(place, 'leaves', () => leave(place, name)))) return 'the pod ends';
    return `${name || 'no pod'}, ${succeeded?.reason ?? 'the run is new'}: ${succeeded?.message ?? ''}`;
  },
  end: async (place) => {
    const { status } = (await run(place)) ?? {};
    const recorded = (await released(place)).map(({ metadata }) => metadata?.uid === status?.job?.uid);
    return {
      run: normalized({ ...status, job: undefined }, place.id),
      released: recorded,
      pods: (await pods(place)).length,
    };
  },
  executions: async (place) => ({ 'a released Job': (await released(place)).length }),
  remove: async (place) => {
    const { id, kubectl } = place;
    await kubectl.run('delete', 'ansiblerun', 'run', '--namespace', id, '--wait=false');
    const left = async () => {
      const [ofJobs, ofPods, maps] = await Promise.all([
        jobs(place),
        pods(place),
        kubectl.list<V1Pod>('configmaps', { namespace: id }),
      ]);
      return [...ofJobs, ...ofPods, ...maps]
        .map(({ metadata }) => metadata?.name ?? '')
        .filter((name) => name.startsWith('holdfast-'));
    };
    const isGone = async () => (!(await run(place)) && (await left()).length === 0 ? true : undefined);
    await until('nothing is left of the run', isGone, { seconds: 90, everyMilliseconds: 300, seen: left });
    await kubectl.run('delete', 'namespace', id, '--wait=false');
  },
};
