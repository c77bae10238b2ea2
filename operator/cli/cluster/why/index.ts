/** Reads what is known of a host or of a ClusterBaseline, with the rights of who asks, and prints it. */
import { resources } from '../../../api/generated/resources.ts';
import type { AnsibleRun } from '../../../api/v1alpha1/ansibleRun.ts';
import type { ClusterBaseline } from '../../../api/v1alpha1/clusterBaseline.ts';
import type { PolicyWaiver } from '../../../api/v1alpha1/policyWaiver.ts';
import { unfold } from '../../../findings/finding.ts';
import { tinted } from '../../colors.ts';
import { exit, Failure, type Cluster, type Exit, type Io, type Where } from '../../command.ts';
import type { WhyKind } from '../../why.ts';
import { withProgress } from '../../progress.ts';
import { written } from '../../written.ts';
import { deviceReports } from '../deviceReports.ts';
import { treeText } from '../lines.ts';
import { asFailure, listed } from '../listed.ts';
import { isUnread, itemsOf, orUnread, type Listed } from '../unread.ts';
import { within } from '../within.ts';
import { reportOf, treeOf, type Reason } from './report.ts';
import { allOf } from '../allOf.ts';

interface Asked {
  readonly kind: WhyKind;
  readonly name: string;
  readonly namespace?: string;
  readonly check?: string;
  /** A tree when undefined. */
  readonly output: 'json' | 'yaml' | undefined;
  readonly where: Where;
}

/** What waivers tell beyond the reports. */
const waiversEnd = 'until when waivers last';

export function runWhy({ where, namespace: named, output, ...asked }: Asked, io: Io): Promise<Exit> {
  return within({ namespace: named, where }, io, async (cluster, namespace) => {
    try {
      const place = { ...asked, namespace };
      const reason = await withProgress(io, `Reading what is known of ${asked.name}`, () =>
        asked.kind === 'Device' ? ofDevice(cluster, place) : ofCluster(cluster, place),
      );
      const report = reportOf(reason);
      io.stdout(output ? written(report, output) : tinted(treeText(treeOf(reason), io.terminal?.()?.columns), io));
      return report.complies ? exit.holds : exit.differs;
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

async function ofDevice(cluster: Cluster, { name, namespace, check }: Named): Promise<Reason> {
  const [{ device, reports }, runs, waivers] = await allOf([
    deviceReports(cluster, namespace, name),
    orUnread(listed<AnsibleRun>(cluster, resources.AnsibleRun, namespace)),
    orUnread(listed<PolicyWaiver>(cluster, resources.PolicyWaiver, namespace)),
  ]);
  const now = cluster.date() ?? cluster.clock.now();
  return {
    object: device,
    check,
    unread: [...notRead('what was tried', runs), ...notRead(waiversEnd, waivers)],
    known: reports.map(({ baseline, report: { status } }) => ({
      about: { baseline, device: name, runs: itemsOf(runs), waivers: itemsOf(waivers), now },
      summary: status?.summary,
      message: status?.message,
      findings: unfold(status),
      moreFindings: status?.moreFindings ?? 0,
    })),
  };
}

async function ofCluster(cluster: Cluster, { name, check }: Named): Promise<Reason> {
  const baseline = await cluster.client.get<ClusterBaseline>(
    resources.ClusterBaseline,
    { namespace: '', name },
    AbortSignal.timeout(10_000),
  );
  if (!baseline)
    throw new Failure(`ClusterBaseline ${name} does not exist; list them with \`kubectl get clusterbaselines\`.`);
  const waivers = await orUnread(listed<PolicyWaiver>(cluster, resources.PolicyWaiver, ''));
  const { status } = baseline;
  const about = { baseline, runs: [], waivers: itemsOf(waivers), now: cluster.date() ?? cluster.clock.now() };
  const known = [{ about, findings: unfold(status), moreFindings: status?.moreFindings ?? 0 }];
  return { object: baseline, check, known, unread: notRead(waiversEnd, waivers) };
}

function notRead<T>(what: string, read: Listed<T>): string[] {
  return isUnread(read) ? [`${what}: ${read.unread}`] : [];
}
