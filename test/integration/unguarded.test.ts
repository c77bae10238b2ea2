/** What was written while the admission policies were away never counts, and what they checked before still does: `docs/security.md`. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ClusterBaseline, ClusterBaselineSpec } from '../../operator/api/v1alpha1/clusterBaseline.ts';
import type { PolicyWaiver } from '../../operator/api/v1alpha1/policyWaiver.ts';
import { waiverDigest } from '../../operator/findings/waiver/digest.ts';
import { makeBaseline, motd } from '../builders/drift.ts';
import { makeWaiver } from '../builders/waiver.ts';
import { apiVersion, conditionOf, namespace as fleet } from '../operator/bed.ts';
import { home, policies, writer } from '../operator/clusterOnly.ts';
import { untilPoliciesAreHeeded } from '../operator/heeded.ts';
import type { Kubectl } from '../operator/kubectl.ts';
import { createAs } from '../operator/people.ts';
import type { Operator } from '../operator/process.ts';
import { until } from '../operator/until.ts';
import { accepted, inFleet, inSeconds, refused, startAttackBed, type AttackBed } from './attackBed.ts';

const rbac = 'rbac.authorization.k8s.io';
let scene: AttackBed;
let kubectl: Kubectl;
let operator: Operator;

beforeAll(async () => {
  scene = await startAttackBed();
  ({ kubectl } = scene);
  operator = await scene.bed.operator();
}, 900_000);

afterAll(() => scene.bed.stop(), 60_000);

const strong = {
  apiVersion: `${rbac}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name: 'olga-rules' },
  roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [{ kind: 'User', name: 'olga', apiGroup: rbac }],
};

const settings = (name: string, value = '1') => ({
  name: 'settings',
  template: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: fleet }, data: { a: value } },
});

function baseline(name: string, spec: Partial<ClusterBaselineSpec>): object {
  const serviceAccountRef = { namespace: home, name: writer };
  return {
    apiVersion,
    kind: 'ClusterBaseline',
    metadata: { name },
    spec: { serviceAccountRef, mode: 'Enforce', ...spec },
  };
}

const value = async (name: string): Promise<string | undefined> =>
  (await kubectl.get<{ data?: Record<string, string> }>('configmap', name, fleet))?.data?.['a'];

const mayEverything = async (): Promise<string> =>
  (await kubectl.try(['auth', 'can-i', '*', '*', '--as', 'olga'])).stdout.trim();

const unwritten = (name: string) =>
  scene.tells<ClusterBaseline>('clusterbaseline', name, 'Ready', 'WrittenBeforePolicies', '');

describe('what was written while the policies were away', () => {
  test('never counts, and what they checked before still does', async () => {
    // Checked: one stays as it is, one is edited in the gap.
    accepted(await createAs(kubectl, 'petra', baseline('kept', { objects: [settings('kept')] })));
    accepted(await createAs(kubectl, 'petra', baseline('edited', { objects: [settings('edited')] })));
    for (const name of ['kept', 'edited'])
      await until(`${name} is enforced`, async () => ((await value(name)) === '1' ? true : undefined));
    await scene.make('DeviceBaseline', 'rhel9', makeBaseline({ checks: [motd] }).spec);
    const pending = await scene.ask({ expiryTime: inSeconds(70_000) });
    await scene.tells<PolicyWaiver>('policywaiver', pending, 'Approved', 'Pending');

    accepted(await createAs(kubectl, 'petra', baseline('swept', { prune: 'All', objects: [settings('swept')] })));
    await until('swept is enforced', async () => ((await value('swept')) === '1' ? true : undefined));

    await kubectl.run('delete', '--filename', policies);
    await scene.tells<ClusterBaseline>('clusterbaseline', 'kept', 'Ready', 'AccountPolicyMissing', '');
    accepted(
      await createAs(
        kubectl,
        'olga',
        baseline('raised', { prune: 'All', objects: [{ name: 'me', template: strong }] }),
      ),
    );
    accepted(
      await scene.patchAs('olga', 'clusterbaseline', 'edited', { spec: { objects: [settings('edited', 'olga')] } }),
    );
    // Whoever deletes it has its objects deleted with the rights of its account.
    accepted(await kubectl.try(['delete', 'clusterbaseline', 'swept', '--as', 'olga', '--wait=false']));
    // A self-approval by status, with a record of its own, and the same for the baseline.
    const { spec } = (await kubectl.get<PolicyWaiver>('policywaiver', pending, fleet))!;
    const digest = waiverDigest(spec);
    const admission = { generation: 1, digest, checked: true, policies: `sha256:${'0'.repeat(64)}` };
    const approved = { digest, time: inSeconds(0) };
    accepted(
      await scene.forge('sven', 'policywaiver', pending, {
        decision: 'Approved',
        digest,
        approved,
        admission,
        requestTime: inSeconds(9000),
        seal: '0'.repeat(64),
      }),
    );
    accepted(
      await scene.forge('sven', 'clusterbaseline', 'raised', {
        admission,
        seal: '0'.repeat(64),
      }),
    );
    // The subresource changes nothing else.
    const more = { metadata: { labels: { a: 'b' } }, spec: { mode: 'Inform' } };
    await scene.patchAs('sven', 'clusterbaseline', 'kept', more, '--subresource=status');
    expect(await kubectl.get('clusterbaseline', 'kept')).not.toMatchObject({ metadata: { labels: { a: 'b' } } });
    const stripped = await until('the waiver says again what is so', async () => {
      const seen = await kubectl.get<PolicyWaiver>('policywaiver', pending, fleet);
      return seen?.status?.approved ? undefined : seen;
    });
    expect(conditionOf(stripped, 'Effective')?.status).not.toBe('True');
    accepted(
      await createAs(kubectl, 'erin', {
        apiVersion,
        kind: 'PolicyWaiver',
        metadata: inFleet('in-the-gap'),
        spec: makeWaiver({ requestedBy: 'alice', breakGlass: { reason: 'x' }, expiryTime: inSeconds(60_000) }).spec,
      }),
    );

    await kubectl.run('apply', '--filename', policies);
    await untilPoliciesAreHeeded(kubectl);
    await until('kept is enforced again', async () => {
      await kubectl.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: inFleet('kept'), data: { a: 'drift' } });
      return until('corrected', async () => ((await value('kept')) === '1' ? true : undefined), { seconds: 30 });
    });
    await unwritten('raised');
    await unwritten('edited');
    const swept = await scene.tells<ClusterBaseline>('clusterbaseline', 'swept', 'Ready', 'PruneFailed', '');
    expect(conditionOf(swept, 'Ready')?.message).toMatch(/was deleted while|did not check/);
    expect(await value('swept')).toBe('1');
    expect([await value('edited'), await mayEverything()]).toEqual(['1', 'no']);
    const gap = await scene.tells<PolicyWaiver>('policywaiver', 'in-the-gap', 'Approved', 'RequestedBeforePolicies');
    expect(gap.status?.breakGlassTime).toBeUndefined();
    await scene.tells<PolicyWaiver>('policywaiver', pending, 'Approved', 'RequestedBeforePolicies');
  }, 180_000);

  test('counts no more after a restart, nor when it is deleted', async () => {
    await operator.stop();
    operator = await scene.bed.operator();
    await kubectl.merge('clusterbaseline', 'raised', { metadata: { annotations: { look: 'again' } } });
    await unwritten('raised');
    // What CEL takes for the same, and the apiserver does not, is an edit.
    const stored = await kubectl.run('get', 'clusterbaseline', 'raised', '--output=json');
    const path = `/apis/${apiVersion}/clusterbaselines/raised`;
    const again = stored.replace('"maxDeletions": 5', '"maxDeletions": 5.0');
    expect(again).not.toBe(stored);
    refused(
      await kubectl.try(['replace', '--raw', path, '--as', 'olga', '--filename', '-'], again),
      /you need the verb `impersonate`/,
    );
    await kubectl.run('delete', 'clusterbaseline', 'raised', '--wait=false');
    await scene.tells<ClusterBaseline>('clusterbaseline', 'raised', 'Ready', 'PruneFailed', '');
    expect(await mayEverything()).toBe('no');
    accepted(await scene.patchAs('petra', 'clusterbaseline', 'raised', { spec: { prune: 'Keep' } }));
    await until('it is gone', async () => ((await kubectl.get('clusterbaseline', 'raised')) ? undefined : true));
  }, 120_000);

  test('counts once it is written again by who may', async () => {
    refused(
      await scene.patchAs('olga', 'clusterbaseline', 'edited', { spec: { maxDeletions: 1 } }),
      /you need the verb `impersonate`/,
    );
    accepted(
      await scene.patchAs('petra', 'clusterbaseline', 'edited', { spec: { objects: [settings('edited', '2')] } }),
    );
    await until('it is enforced', async () => ((await value('edited')) === '2' ? true : undefined));
  }, 60_000);
});
