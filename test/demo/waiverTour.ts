/** A deviation: asked for by one, approved by another, in effect for a while, and over by itself. */
import type { DriftReport } from '../../operator/api/v1alpha1/driftReport.ts';
import type { PolicyWaiver } from '../../operator/api/v1alpha1/policyWaiver.ts';
import { apiVersion, namespace, untilCondition } from '../operator/bed.ts';
import type { Kubectl } from '../operator/kubectl.ts';
import { until } from '../operator/until.ts';
import { say, show, step } from './narration.ts';

const rbac = 'rbac.authorization.k8s.io';
const name = 'legacy-motd';
const lastsSeconds = 25;

export async function waiverTour(kubectl: Kubectl): Promise<void> {
  step('alice requests a waiver. She may approve waivers, but not her own');
  await kubectl.apply(
    ...rightsOf('alice', ['create', 'get', 'list', 'approve']),
    ...rightsOf('bob', ['get', 'list', 'approve']),
  );
  const expiryTime = new Date(Math.ceil(Date.now() / 1000 + lastsSeconds) * 1000).toISOString().replace('.000', '');
  await as(kubectl, 'alice', waiver(expiryTime));
  const digest = await until(
    'the request is processed',
    async () => (await kubectl.get<PolicyWaiver>('policywaiver', name))?.status?.digest,
  );
  await show(kubectl, 'get', 'policywaivers');
  await as(kubectl, 'alice', approval('alice', digest));

  step('bob approves exactly that version; the finding is waived, but still shown');
  await as(kubectl, 'bob', approval('bob', digest));
  await untilCondition<PolicyWaiver>(kubectl, 'policywaiver', name, 'Effective', 'True');
  await until('the finding is waived', async () => (await waived(kubectl)) === 1 || undefined);
  await show(kubectl, 'get', 'policywaivers,approvals');
  await show(kubectl, 'get', 'driftreports,devicebaselines');

  step('The waiver expires: the finding is open again');
  await untilCondition<PolicyWaiver>(kubectl, 'policywaiver', name, 'Expired', 'True');
  await until('the finding is open', async () => (await waived(kubectl)) === 0 || undefined);
  await show(kubectl, 'get', 'policywaivers,driftreports');
  await show(kubectl, 'events', '--for', `policywaiver/${name}`);
}

/** Creates the object as that user, and shows what the apiserver says. */
async function as(kubectl: Kubectl, user: string, object: { kind: string; metadata: { name: string } }): Promise<void> {
  const flags = ['create', '--as', user, '--filename'];
  say(`  $ kubectl ${flags.join(' ')} ${object.kind.toLowerCase()}-${object.metadata.name}.yaml`);
  const { stdout, stderr } = await kubectl.try([...flags, '-'], JSON.stringify(object));
  say(`${stdout}${stderr}`.trimEnd().replaceAll(/^/gm, '    '));
}

async function waived(kubectl: Kubectl): Promise<number | undefined> {
  return (await kubectl.get<DriftReport>('driftreport', 'rhel9.web-01'))?.status?.summary?.waived;
}

function waiver(expiryTime: string) {
  const spec: PolicyWaiver['spec'] = {
    source: { kind: 'DeviceBaseline', name: 'rhel9' },
    checks: ['motd'],
    targets: { names: ['web-01'] },
    reason: "the vendor's installer reads it; fixed in its next release",
    ticket: 'SEC-123',
    requestedBy: 'alice',
    expiryTime,
    closurePlan: { tasks: [{ name: 'upgrade-installer', owner: 'team-web' }] },
  };
  return { apiVersion, kind: 'PolicyWaiver', metadata: { name, namespace }, spec };
}

function approval(approver: string, subjectDigest: string) {
  const spec = { subjectRef: { kind: 'PolicyWaiver', name }, subjectDigest, decision: 'Approve', approver };
  return { apiVersion, kind: 'Approval', metadata: { name: `${name}-${approver}`, namespace }, spec };
}

/** Rights on waivers; everybody may write approvals, and the admission policies say whose count. */
function rightsOf(user: string, verbs: readonly string[]): object[] {
  const rules = [
    { apiGroups: ['holdfast.dev'], resources: ['policywaivers'], verbs },
    { apiGroups: ['holdfast.dev'], resources: ['approvals'], verbs: ['create', 'get', 'list'] },
  ];
  return [
    { apiVersion: `${rbac}/v1`, kind: 'Role', metadata: { name: user, namespace }, rules },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata: { name: user, namespace },
      roleRef: { apiGroup: rbac, kind: 'Role', name: user },
      subjects: [{ kind: 'User', apiGroup: rbac, name: user }],
    },
  ];
}
