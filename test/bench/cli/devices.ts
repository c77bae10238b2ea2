/** A fleet as the operator leaves it: Devices with what was last found of them, some of them drifted, a few unreachable. */
import { ApiClient, forEachNumber } from '../apiClient.ts';

const writers = 16;
const perNamespace = 500;
const api = '/apis/holdfast.dev/v1alpha1';

export async function makeDevices(kubeconfig: string, count: number): Promise<void> {
  const client = await ApiClient.open(kubeconfig, writers);
  try {
    for (let at = 0; at * perNamespace < count; at += 1)
      await client.apply(`/api/v1/namespaces/${namespaceOf(at * perNamespace)}`, 'bench', {
        ...{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespaceOf(at * perNamespace) } },
      });
    await forEachNumber(0, count, writers, async (index) => {
      const path = `${api}/namespaces/${namespaceOf(index)}/devices/${nameOf(index)}`;
      await client.apply(path, 'platform', device(index, { spec }));
      await client.apply(`${path}/status`, 'holdfast-status', device(index, { status: status(index) }));
    });
  } finally {
    await client.close();
  }
}

function nameOf(index: number): string {
  return `web-${String(index).padStart(5, '0')}`;
}

function namespaceOf(index: number): string {
  return `fleet-${Math.floor(index / perNamespace)}`;
}

const spec = {
  ssh: {
    host: '10.0.0.1',
    user: 'holdfast',
    hostKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ2Zr3mXQfE5fDcWQb0yZJmYdZtVfQh1m0e5l9f1a2b3'],
    credentialsRef: { name: 'fleet-ssh' },
  },
};

function device(index: number, fields: object): object {
  const metadata = {
    name: nameOf(index),
    namespace: namespaceOf(index),
    labels: { os: 'rhel9', site: `dc-${index % 7}` },
  };
  return { apiVersion: 'holdfast.dev/v1alpha1', kind: 'Device', metadata, ...fields };
}

const time = '2026-11-27T09:00:00Z';

/** Of a hundred hosts, one does not respond and three drifted. */
function status(index: number): object {
  const isUp = index % 100 !== 0;
  const isCompliant = isUp && index % 33 !== 1;
  const condition = (type: string, is: boolean, reason: string, message: string): object => ({
    ...{ type, status: is ? 'True' : 'False', reason, message, lastTransitionTime: time, observedGeneration: 1 },
  });
  return {
    observedGeneration: 1,
    conditions: [
      condition('Ready', true, 'Evaluated', 'evaluated 2 baselines'),
      condition(
        'Reachable',
        isUp,
        isUp ? 'Responding' : 'TimedOut',
        isUp ? '10.0.0.1 responds' : '10.0.0.1 port 22 does not respond; check that the host is up',
      ),
      condition(
        'Compliant',
        isCompliant,
        isCompliant ? 'AllPass' : 'Drifted',
        isCompliant ? 'all 40 checks pass' : '3 of 40 checks fail: sshd-no-root, umask, motd; see DriftReport rhel9',
      ),
    ],
    summary: { score: isCompliant ? '40/40' : '37/40', drift: isCompliant ? '0' : '3 (1 critical)', unknown: 0 },
  };
}
