/** Reads what is known of a host or of a ClusterBaseline, with the rights of who asks. */
import { resources } from '../../../api/generated/resources.ts';
import type { AnsibleRun } from '../../../api/v1alpha1/ansibleRun.ts';
import type { ClusterBaseline } from '../../../api/v1alpha1/clusterBaseline.ts';
import type { Device } from '../../../api/v1alpha1/device.ts';
import type { Finding } from '../../../api/v1alpha1/finding.ts';
import type { PolicyWaiver } from '../../../api/v1alpha1/policyWaiver.ts';
import { unfold } from '../../../findings/finding.ts';
import { exit, Failure, type Cluster, type Exit, type Io, type Where } from '../../command.ts';
import type { WhyKind } from '../../why.ts';
import { deviceReports } from '../deviceReports.ts';
import { treeText, type Branch } from '../lines.ts';
import { asFailure, listed } from '../listed.ts';
import { currentCondition } from '../status/areas.ts';
import { within } from '../within.ts';
import { checkBranches, correctionBranch } from './explain.ts';

interface Asked {
  readonly kind: WhyKind;
  readonly name: string;
  readonly namespace?: string;
  readonly check?: string;
  readonly where: Where;
}

export function runWhy({ where, namespace: named, ...asked }: Asked, io: Io): Promise<Exit> {
  return within({ namespace: named, where }, io, async (cluster, namespace) => {
    try {
      const place = { ...asked, namespace };
      const answer = await (asked.kind === 'Device' ? ofDevice(cluster, place) : ofCluster(cluster, place));
      io.stdout(treeText(answer.branch));
      return answer.complies ? exit.holds : exit.differs;
    } catch (error) {
      throw asFailure('it cannot be explained', error);
    }
  });
}

interface Named {
  readonly name: string;
  readonly namespace: string;
  readonly check?: string;
}

interface Answer {
  readonly branch: Branch;
  readonly complies: boolean;
}

async function ofDevice(cluster: Cluster, { name, namespace, check }: Named): Promise<Answer> {
  const [{ device, reports }, runs, waivers] = await Promise.all([
    deviceReports(cluster, namespace, name),
    listed<AnsibleRun>(cluster, resources.AnsibleRun, namespace),
    listed<PolicyWaiver>(cluster, resources.PolicyWaiver, namespace),
  ]);
  const now = cluster.date() ?? cluster.clock.now();
  const branches = reports.map(({ baseline, report: { status } }): Branch => {
    const { pass = 0, fail = 0, waived = 0, unknown = 0 } = status?.summary ?? {};
    const findings = chosen(unfold(status), check);
    const about = { baseline, device: name, runs, waivers, now };
    const hidden = status?.moreFindings ?? 0;
    return {
      text: `DeviceBaseline ${baseline.metadata.name} (${baseline.spec.mode ?? 'Inform'}): ${pass} pass, ${fail} fail, ${waived} waived, ${unknown} unknown`,
      ...(status?.message !== undefined && { more: [status.message] }),
      branches: [
        ...checkBranches(findings, about),
        ...(hidden > 0 ? [{ text: `and ${hidden} more findings, for which the report has no room` }] : []),
        ...correctionBranch(findings, about),
      ],
    };
  });
  return answered(`Device ${namespace}/${name}`, device, { branches, check });
}

async function ofCluster(cluster: Cluster, { name, check }: Named): Promise<Answer> {
  const baseline = await cluster.client.get<ClusterBaseline>(
    resources.ClusterBaseline,
    { namespace: '', name },
    AbortSignal.timeout(10_000),
  );
  if (!baseline)
    throw new Failure(`ClusterBaseline ${name} does not exist; list them with \`kubectl get clusterbaselines\`.`);
  const waivers = await listed<PolicyWaiver>(cluster, resources.PolicyWaiver, '').catch(() => []);
  const now = cluster.date() ?? cluster.clock.now();
  const { status } = baseline;
  const hidden = status?.moreFindings ?? 0;
  const findings = chosen(unfold(status), check);
  const about = { baseline, runs: [], waivers, now };
  const branches = [
    ...checkBranches(findings, about),
    ...(hidden > 0 ? [{ text: `and ${hidden} more findings, which the DriftReports of the namespaces list` }] : []),
    ...correctionBranch(findings, about),
  ];
  return answered(`ClusterBaseline ${name}`, baseline, { branches, check });
}

function chosen(findings: readonly Finding[], check: string | undefined): readonly Finding[] {
  return check === undefined ? findings : findings.filter((one) => one.check === check);
}

/** What the object itself says comes first; where that is about an older declaration, it is not known. */
function answered(
  title: string,
  object: Device | ClusterBaseline,
  { branches, check }: { readonly branches: readonly Branch[]; readonly check: string | undefined },
): Answer {
  const conditions = ['Reachable', 'Compliant'].flatMap((type) => {
    const found = currentCondition(object, type);
    return found ? [`${type} ${found.status}: ${found.message}`] : [];
  });
  const isKnown = currentCondition(object, 'Compliant') !== undefined;
  const unknown = isKnown
    ? []
    : ['Compliant Unknown: it was not evaluated since it was declared; see `kubectl holdfast status`'];
  const nothing = check !== undefined && branches.every((branch) => !branch.branches?.length && branches.length > 0);
  const more = [
    ...conditions,
    ...unknown,
    ...(nothing ? [`no finding is of check ${check}: it passes, or no baseline has it`] : []),
  ];
  return {
    branch: { text: title, more, branches },
    complies: currentCondition(object, 'Compliant')?.status === 'True',
  };
}
