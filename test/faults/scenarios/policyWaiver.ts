/** A ClusterBaseline drifts; alice asks for a waiver, bob approves, it covers; carol rejects it, and the finding is open again. */
import { waiverDigest } from '../../../operator/findings/waiver/digest.ts';
import type { Approval } from '../../../operator/api/v1alpha1/approval.ts';
import type { ClusterBaseline } from '../../../operator/api/v1alpha1/clusterBaseline.ts';
import type { PolicyWaiver } from '../../../operator/api/v1alpha1/policyWaiver.ts';
import type { Resource } from '../../../operator/api/v1alpha1/shared.ts';
import { apiVersion, conditionOf } from '../../operator/bed.ts';
import { until } from '../../operator/until.ts';
import { accountIn, accountName } from './account.ts';
import { normalized, once, type Place, type Scenario } from './scenario.ts';

const settings = (id: string, value: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: id },
  data: { a: value },
});

const baseline = ({ kubectl, id }: Place) => kubectl.get<ClusterBaseline>('clusterbaseline', id);
const waiver = ({ kubectl, id }: Place) => kubectl.get<PolicyWaiver>('policywaiver', 'waiver', id);
const reasonOf = (object: Parameters<typeof conditionOf>[0], type: string) => conditionOf(object, type)?.reason;

/** Of an apiserver that was just started, and has not found the kinds of its policies: whoever asks does so again. */
const notYet = 'failed to configure policy';

/** Throws when the apiserver refuses. */
async function create(
  place: Place,
  who: string,
  plural: string,
  name: string,
  kind: string,
  spec: object,
): Promise<void> {
  const object = { apiVersion, kind, metadata: { name, namespace: place.id }, spec } as Resource & object;
  const reply = await until(`${who} is answered by the policies`, async () => {
    const given = await place.people.as(who).create(plural, object);
    return given.is === 'refused' && given.message.includes(notYet) ? undefined : given;
  });
  if (reply.is === 'refused') throw new Error(`${who} may not create ${kind} ${name}: ${reply.message}`);
}

function ask(place: Place, seconds = 7 * 86_400): Promise<void> {
  const expiryTime = new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
  return create(place, 'alice', 'policywaivers', 'waiver', 'PolicyWaiver', {
    source: { kind: 'ClusterBaseline', name: place.id },
    checks: ['settings'],
    targets: { namespaces: [place.id] },
    reason: 'the vendor replaces it',
    requestedBy: 'alice',
    expiryTime,
  });
}

async function say(place: Place, approver: string, more: object): Promise<void> {
  const { spec } = (await waiver(place))!;
  const subject = { subjectRef: { kind: 'PolicyWaiver', name: 'waiver' }, subjectDigest: waiverDigest(spec) };
  await create(place, approver, 'approvals', approver, 'Approval', { ...subject, approver, ...more });
}

export const policyWaiver: Scenario = {
  name: 'waiver',
  begin: async (place) => {
    const { id, kubectl } = place;
    await kubectl.apply(...accountIn(id), settings(id, 'found'));
    const objects = [{ name: 'settings', template: settings(id, 'declared') }];
    const spec = { serviceAccountRef: { namespace: id, name: accountName }, mode: 'Inform', objects };
    await kubectl.apply({ apiVersion, kind: 'ClusterBaseline', metadata: { name: id }, spec });
  },
  next: async (place) => {
    const compliant = reasonOf(await baseline(place), 'Compliant');
    const asked = await waiver(place);
    if (compliant === 'Drifted' && (await once(place, 'asks', () => ask(place)))) return 'a waiver is asked for';
    if (!asked) return `the baseline is ${compliant ?? 'new'}`;
    const approved = reasonOf(asked, 'Approved');
    if (!approved) return 'the waiver is new';
    if (await once(place, 'approves', () => say(place, 'bob', { decision: 'Approve' }))) return 'bob approves';
    const effective = conditionOf(asked, 'Effective');
    if (!place.done.has('rejects')) {
      if (effective?.status !== 'True' || compliant !== 'CompliantByWaiver') return `nothing is covered: ${approved}`;
      if (!asked.status?.accepted) return 'what it covers is not recorded yet';
      const spec = { decision: 'Reject', role: 'security', comment: 'patch it' };
      await once(place, 'rejects', () => say(place, 'carol', spec));
      return 'carol rejects';
    }
    return asked.status?.decision === 'Rejected' && effective?.status === 'False' && compliant === 'Drifted'
      ? undefined
      : `it is ${asked.status?.decision ?? 'undecided'}, the baseline is ${compliant ?? 'new'}`;
  },
  end: async (place) => {
    const approvals = await place.kubectl.list<Approval>('approvals', { namespace: place.id });
    return normalized(
      {
        baseline: (await baseline(place))?.status,
        waiver: (await waiver(place))?.status,
        approvals: approvals.map(({ metadata, status }) => ({ name: metadata.name, status })),
      },
      place.id,
    );
  },
  remove: async (place) => {
    await place.kubectl.run('delete', 'clusterbaseline', place.id, '--wait=false');
    const reports = async () => (await place.kubectl.list('driftreports', { namespace: place.id })).length;
    const isGone = async () => (!(await baseline(place)) && (await reports()) === 0 ? true : undefined);
    await until('nothing is left of the baseline', isGone, { seconds: 90, everyMilliseconds: 300, seen: reports });
    await place.kubectl.run('delete', 'namespace,clusterrolebinding', place.id, '--wait=false');
  },
};

/** The same up to where the waiver covers, which expires after so long. */
export function coveredFor(seconds: number): Scenario {
  return {
    ...policyWaiver,
    name: 'covered',
    next: async (place) => {
      const compliant = reasonOf(await baseline(place), 'Compliant');
      const asked = await waiver(place);
      if (compliant === 'Drifted' && (await once(place, 'asks', () => ask(place, seconds))))
        return 'a waiver is asked for';
      if (!asked) return `the baseline is ${compliant ?? 'new'}`;
      if (!reasonOf(asked, 'Approved')) return 'the waiver is new';
      if (await once(place, 'approves', () => say(place, 'bob', { decision: 'Approve' }))) return 'bob approves';
      return compliant === 'CompliantByWaiver' ? undefined : 'nothing is covered';
    },
  };
}
