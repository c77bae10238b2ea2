/** The ways out and in again, by the words of docs/install.md. Declares tests; nothing is installed, and the CRDs are there. */
import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { V1Pod } from '@kubernetes/client-node';
import { apiVersion, untilCondition } from '../operator/bed.ts';
import { account } from '../operator/clusterOnly.ts';
import { until } from '../operator/until.ts';
import { operatorImage, runnerImage } from '../node/images.ts';
import { exportIn, packIn } from './evidence.ts';
import { chart, home, type EndToEnd } from './bed.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../docs/install.md'), 'utf8');

/** The only block of commands of the page that has the words. */
function blockWith(words: string): string {
  const found = [...page.matchAll(/^```console\n([\s\S]*?)^```$/gm)].filter(([block]) => block.includes(words));
  expect(found).toHaveLength(1);
  return found[0]![1]!;
}

export function wayOutTests(bed: () => EndToEnd): void {
  const kubectl = () => bed().kubectl;

  /** Everything of it that a cluster may have. */
  async function left(): Promise<string> {
    const kinds =
      'crds,clusterroles,clusterrolebindings,validatingadmissionpolicies,validatingadmissionpolicybindings,namespaces';
    return kubectl().run('get', kinds, '--selector', 'app.kubernetes.io/name=holdfast', '--output', 'name');
  }

  /** A baseline that has created an object, which it deletes when it goes. */
  async function pruning(): Promise<void> {
    const template = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'made', namespace: 'platform' },
      data: { a: '1' },
    };
    const metadata = { name: 'holdfast-accounts', namespace: 'platform' };
    const rbac = 'rbac.authorization.k8s.io';
    const rule = { apiGroups: [''], resources: ['configmaps'], verbs: ['*'] };
    await kubectl().apply(
      ...account('map-writer', [rule]),
      {
        apiVersion: `${rbac}/v1`,
        kind: 'RoleBinding',
        metadata,
        roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'holdfast-accounts' },
        subjects: [{ kind: 'ServiceAccount', name: 'holdfast-operator', namespace: home }],
      },
      {
        apiVersion,
        kind: 'ClusterBaseline',
        metadata: { name: 'made' },
        spec: {
          serviceAccountRef: { namespace: 'platform', name: 'map-writer' },
          mode: 'Enforce',
          prune: 'Created',
          objects: [{ name: 'made', template }],
        },
      },
    );
    await untilCondition(kubectl(), 'clusterbaseline', 'made', 'Compliant', 'True');
    expect(await kubectl().get('configmap', 'made', 'platform')).toBeDefined();
  }

  describe('by the words of the page', () => {
    test('everything is removed, and what it created is undone, while the operator still runs', async () => {
      await bed().install(chart, '--set', 'grants.platform={credentials}');
      await pruning();
      await packIn('platform', kubectl());
      await exportIn('platform', kubectl());
      await bed().shell(blockWith('kubectl delete crd --selector'));
      expect(await kubectl().get('configmap', 'made', 'platform')).toBeUndefined();
      expect(await left()).toBe('');
    }, 300_000);

    test('it is installed by kustomize, and removed in the same way', async () => {
      const [operator, runner] = [operatorImage, runnerImage].map((image) => image.slice(0, image.lastIndexOf('/')));
      expect(runner).toBe(operator);
      const named = blockWith('--kustomize manifests').replaceAll(
        /REGISTRY\/(holdfast-\w+):[0-9.]+/g,
        `${operator}/$1:test`,
      );
      await bed().shell(named);
      await bed().shell(`kubectl -n ${home} rollout status deployment/holdfast-operator --timeout=120s`);
      await pruning();
      await kubectl().run('delete', 'clusterbaselines', '--all', '--timeout=60s');
      await bed().shell('kubectl delete --kustomize manifests');
      await until('its pods are gone', async () => {
        const pods = await kubectl().list<V1Pod>('pods', { namespace: home });
        return pods.length === 0 ? true : undefined;
      });
      expect(await left()).toBe('');
    }, 300_000);
  });
}
