/** A small fleet as commands of the CLI read it, fixed in time, for what is printed of it. */
import type { Kind } from '../../operator/api/kind.ts';
import type { Finding } from '../../operator/api/v1alpha1/finding.ts';
import type { DeviceCheck } from '../../operator/api/v1alpha1/deviceCheck.ts';
import type { Condition, Resource } from '../../operator/api/v1alpha1/shared.ts';
import type { Cluster } from '../../operator/cli/command.ts';
import { after, makeBaseline, makeDevice, makeFinding, makeReport, motd, now, rootLogin } from './drift.ts';
import { begun, factsFrom } from './rolloutFacts.ts';
import { approved, daySeconds, makeWaiver } from './waiver.ts';

/** As the apiserver answers, of objects in memory. */
export function clusterOf(objects: readonly Resource[], at = now): Cluster {
  const ofKind = ({ kind }: Kind, namespace: string) =>
    objects.filter((one) => one.kind === kind && (namespace === '' || one.metadata.namespace === namespace));
  const client = {
    list: (kind: Kind, namespace: string) =>
      Promise.resolve({ items: ofKind(kind, namespace), resourceVersion: '', continue: '' }),
    get: (kind: Kind, { namespace, name }: { readonly namespace: string; readonly name: string }) =>
      Promise.resolve(ofKind(kind, namespace).find(({ metadata }) => metadata.name === name)),
  };
  return {
    client: client as unknown as Cluster['client'],
    http: {} as Cluster['http'],
    clock: { now: () => at } as Cluster['clock'],
    namespace: 'fleet',
    date: () => undefined,
    close: () => Promise.resolve(),
  };
}

const condition = (type: string, status: Condition['status'], message: string, reason = 'Said'): Condition => ({
  ...{ type, status, reason, message, lastTransitionTime: after(-600), observedGeneration: 1 },
});

const saying = <R extends Resource>(object: R, conditions: readonly Condition[], fields: object = {}): R => ({
  ...object,
  metadata: { ...object.metadata, generation: 1 },
  status: { ...object.status, conditions, ...fields },
});

const checks: readonly DeviceCheck[] = [
  { ...rootLogin, controls: ['NIST-800-53:AC-6(2)', 'CIS-RHEL9:5.1.20'] },
  motd,
  {
    name: 'umask',
    severity: 'Medium',
    setting: { path: '/etc/login.defs', key: 'UMASK', value: '027', compare: 'AtLeast' },
  },
  { name: 'telnet', severity: 'High', package: { name: 'telnet', state: 'Absent' } },
  { name: 'audit', severity: 'High', service: { name: 'auditd.service', enabled: true } },
  { name: 'redirects', severity: 'High', sysctl: { name: 'net.ipv4.conf.all.accept_redirects', value: '0' } },
  { name: 'issue', severity: 'Low', file: { path: '/etc/issue', content: 'x\n' } },
] as readonly DeviceCheck[];

const baseline = saying(makeBaseline({ checks: [...checks] }), [
  condition('Compliant', 'False', '1 of 4 hosts drifted: web-01; 1 does not respond: web-07'),
]);

const findings: Finding[] = [
  makeFinding(checks[0]!, {
    path: 'value',
    expected: 'no',
    found: 'yes',
    since: after(-720),
    controls: 'NIST-800-53:AC-6(2), CIS-RHEL9:5.1.20',
  }),
  makeFinding(checks[1]!, {
    ...{
      path: 'content',
      expected: 'line 1: Authorized use only.',
      found: 'line 1: ようこそ、東京データセンターへ。許可された利用者のみ。',
    },
    since: after(-720),
  }),
  makeFinding(checks[6]!, {
    path: 'content',
    expected: 'x',
    found: 'y',
    waiver: 'legacy-issue',
    since: after(-90_000),
  }),
  {
    ...({ check: 'audit', severity: 'High', result: 'Unknown', since: after(-720) } as const),
    message: 'systemctl does not respond on the host; check `systemctl status`',
  } as const,
];

function host(name: string, reachable: boolean, compliant: Condition, drift = '0') {
  const said = reachable
    ? `${name}.example.com responds`
    : `${name}.example.com port 22 does not respond; check that the host is up`;
  const conditions = [condition('Reachable', reachable ? 'True' : 'False', said), compliant];
  return saying(makeDevice(name), conditions, { summary: { score: '4/7', drift, unknown: 1 } });
}

const web01 = host(
  'web-01',
  true,
  condition('Compliant', 'False', '2 of 7 checks fail: sshd-no-root, motd; see DriftReport rhel9.web-01'),
  '2 (1 critical)',
);

const waiver = makeWaiver(
  { checks: ['issue'], expiryTime: after(5 * daySeconds).replace('.000', '') },
  undefined,
  'legacy-issue',
);

const lease = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name: 'holdfast-operator', namespace: 'holdfast' },
  spec: { renewTime: after(-3) },
} as unknown as Resource;

export const fleet: readonly Resource[] = [
  lease,
  baseline,
  web01,
  host('web-02', true, condition('Compliant', 'True', 'all 7 checks pass')),
  host('web-03', true, condition('Compliant', 'True', 'all 7 checks pass or are waived', 'CompliantByWaiver')),
  host('web-07', false, condition('Compliant', 'Unknown', 'it does not respond')),
  makeReport(baseline, web01, findings, { summary: { pass: 3, fail: 2, waived: 1, unknown: 1, drift: '2' } }),
  saying(approved(waiver), [condition('Effective', 'True', 'approved by bob')], {
    ...{ decision: 'Approved', summary: 'issue on web-01, for 5 days' },
  }),
  saying(
    {
      ...{ apiVersion: 'holdfast.dev/v1alpha1', kind: 'ServiceLevelObjective' },
      ...{ metadata: { name: 'checkout', namespace: 'shop' }, spec: {} },
    },
    [condition('Met', 'False', '99.2% of requests succeeded in 30 days; the objective is 99.9%')],
  ),
];

interface World {
  readonly objects: readonly Resource[];
  readonly at: Date;
}

/** A rollout that soaks, with one whose status somebody else wrote beside it; and one that was taken back. */
export async function rollouts(): Promise<{ readonly soaking: World; readonly takenBack: World }> {
  const soaking = await begun();
  soaking.declare('B');
  await soaking.rounds(5);
  const failing = await begun();
  for (const one of failing.hosts.values()) one.fails = ['B'];
  failing.declare('B');
  await failing.rounds(40, 5);
  const { rollout, baseline: rolledOut } = factsFrom(soaking);
  const forged = {
    ...rollout,
    metadata: { ...rollout.metadata, name: 'forged', uid: 'uid-forged' },
    spec: { ...rollout.spec, target: { deviceBaselineRef: { name: 'databases' } } },
    status: { ...rollout.status, seal: undefined },
  } as Resource;
  const failed = factsFrom(failing);
  return {
    soaking: { objects: [rollout, forged, rolledOut!], at: soaking.now },
    takenBack: { objects: [failed.rollout, failed.baseline!], at: failing.now },
  };
}
