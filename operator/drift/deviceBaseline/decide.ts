/** How a baseline stands over its hosts, and, in mode Enforce, the next correction. Pure. */
import { resources } from '../../api/generated/resources.ts';
import type { AnsibleRun, AnsibleRunSpec, Correction } from '../../api/v1alpha1/ansibleRun.ts';
import type { DeviceBaseline, DeviceCounts } from '../../api/v1alpha1/deviceBaseline.ts';
import type { Action, DomainConditions, Intent, Plan } from '../../runtime/feature.ts';
import { counted, listed, shortened } from '../../lib/text.ts';
import { labelled } from '../../lib/names.ts';
import { nextChangeOfAny } from '../../governance/policyWaiver/waiverFor.ts';
import { secondsUntil } from '../../lib/recheck.ts';
import { windowGate } from '../../governance/maintenanceWindow/windowGate.ts';
import { revisionOf } from '../driftReport/report.ts';
import {
  allowedAtOnce,
  byCompletion,
  failedHosts,
  nextBatch,
  nextRunName,
  stopped,
  verdictsOn,
  type Verdict,
} from './correction.ts';
import type { BaselineWorld } from './observe.ts';
import { standingOf, worstStandingFirst, type Standing } from './standing.ts';
import { marking } from '../waived.ts';
import { needsSomebody, recheckBefore, waitsForWindow } from './windowWait.ts';

const mostWorst = 10;
const keptRuns = 50;
const recheckSeconds = 600;

export function decideBaseline(baseline: DeviceBaseline, world: BaselineWorld, now: Date): Plan<DeviceBaseline> {
  const revision = revisionOf(baseline);
  const standings = world.devices
    .map((device) =>
      standingOf(
        device,
        world.reports.get(device.metadata.name),
        revision,
        now,
        marking(baseline, device, world.waivers, now),
      ),
    )
    .sort(worstStandingFirst);
  const devices = countsOf(standings);
  const correction = baseline.spec.mode === 'Enforce' ? correct(baseline, standings, world, revision, now) : undefined;
  const change = nextChangeOfAny(world.waivers, baseline.spec.waivers, now);
  const recheckAfter = correction?.recheckAfter ?? recheckSeconds;
  const conditions: DomainConditions = {
    Compliant: compliant(baseline, standings, devices),
    ...correction?.conditions,
  };
  return {
    outcome: {
      is: 'ready',
      reason: standings.length ? 'Evaluated' : 'NoDevices',
      message: standings.length ? `sums up ${counted(devices.total, 'host')}` : 'no host is selected',
      recheckAfter: change ? Math.min(recheckAfter, secondsUntil(change, now)) : recheckAfter,
    },
    conditions,
    status: {
      revision,
      devices,
      summary: {
        compliant: `${devices.compliant}/${devices.total}`,
        ...(correction && { correction: correction.words }),
      },
      ...(devices.compliant < devices.total && { worst: worstOf(standings) }),
    },
    actions: [...(correction?.actions ?? []), ...endedRuns(world.runs)],
  };
}

function countsOf(standings: readonly Standing[]): DeviceCounts {
  const count = (is: Standing['is']) => standings.filter((standing) => standing.is === is).length;
  return {
    total: standings.length,
    compliant: count('compliant'),
    drifted: count('drifted'),
    waived: count('waived'),
    unknown: count('unknown'),
  };
}

function worstOf(standings: readonly Standing[]) {
  return standings
    .filter(({ is }) => is !== 'compliant')
    .slice(0, mostWorst)
    .map(({ device, words }) => ({ device: device.metadata.name, standing: shortened(words, 300) }));
}

function compliant(
  baseline: DeviceBaseline,
  standings: readonly Standing[],
  { total, drifted, unknown, waived }: DeviceCounts,
): DomainConditions[string] {
  const names = (is: Standing['is']) =>
    listed(standings.filter((standing) => standing.is === is).map(({ device }) => device.metadata.name));
  const reports = `kubectl get driftreports -l holdfast.dev/baseline=${baseline.metadata.name}`;
  if (!total)
    return {
      status: 'Unknown',
      reason: 'NoDevices',
      message: 'the selector matches no Device; compare it with `kubectl get devices --show-labels`',
    };
  const unknownWords = unknown ? `${counted(unknown, 'host')} not known: ${names('unknown')}` : '';
  if (drifted) {
    const message = `${drifted} of ${counted(total, 'host')} ${drifted === 1 ? 'drifts' : 'drift'}: ${names('drifted')}${unknown ? `; ${unknownWords}` : ''}; see ${reports}`;
    return { status: 'False', reason: 'Drifted', message, warns: true };
  }
  if (unknown) return { status: 'Unknown', reason: 'NotAllKnown', message: `${unknownWords}; see ${reports}` };
  return {
    status: 'True',
    reason: 'AllHostsHold',
    message: `${counted(total, 'host')} ${total === 1 ? 'holds' : 'hold'} to it${waived ? `, ${waived} by waiver` : ''}`,
  };
}

interface Correcting {
  readonly words: string;
  readonly actions: readonly Action[];
  readonly conditions: DomainConditions;
  readonly recheckAfter?: number;
}

function correct(
  baseline: DeviceBaseline,
  standings: readonly Standing[],
  world: BaselineWorld,
  revision: string,
  now: Date,
): Correcting {
  const free = standings.filter(({ device }) => !world.busy.has(device.metadata.name));
  const verdicts = free.flatMap((standing) => verdictsOn(standing, world, revision, now));
  const conditions = correctionConditions(verdicts);
  const active = world.runs.find(({ status }) => !status?.completionTime);
  const gate = windowGate(baseline.spec.remediation?.windowRef, world.window, now);
  if (active && (gate.open || active.status?.startTime))
    return { words: `${active.metadata.name} at work`, actions: [], conditions };

  const failed = failedHosts(world.runs, revision);
  const most = baseline.spec.remediation?.maxFailPercentage ?? 20;
  const halted = failed.length * 100 > most * standings.length;
  const due = Map.groupBy(
    verdicts.flatMap((verdict) => (verdict.is === 'due' ? [verdict.correction] : [])),
    ({ device }) => device,
  );
  // What failed may be tried again; further hosts are not touched until a person looked.
  if (halted) for (const device of due.keys()) if (!failed.includes(device)) due.delete(device);
  if (halted) conditions['CorrectionHalted'] = haltedCondition(failed, standings.length, most);

  const batch = nextBatch(
    standings,
    due,
    allowedAtOnce(baseline.spec.remediation?.maxUnavailable ?? '10%', standings.length),
  );
  if (!gate.open && (active || batch.length || needsSomebody(gate))) {
    conditions['WaitsForWindow'] = waitsForWindow(gate);
    return {
      words: gate.words,
      actions: [],
      conditions,
      recheckAfter: recheckBefore(gate, untilNext(verdicts, now), now),
    };
  }
  if (batch.length) {
    const run = runOf(baseline, batch, nextRunName(baseline.metadata.name, world.takenNames), revision);
    return {
      words: `${run.metadata.name} at work`,
      actions: [{ do: 'create', kind: resources.AnsibleRun, object: run }],
      conditions,
    };
  }
  return {
    words: wordsOf(verdicts, world.runs, halted),
    actions: [],
    conditions,
    recheckAfter: untilNext(verdicts, now),
  };
}

function correctionConditions(verdicts: readonly Verdict[]): DomainConditions {
  const contended = stopped(verdicts, 'contended');
  const gaveUp = stopped(verdicts, 'gaveUp');
  const conditions: DomainConditions = {};
  if (contended.length) {
    const message = `drift was back at once after two verified corrections: ${listed(contended)}; find who changes it back. Correction resumes when the baseline's checks change`;
    conditions['Contended'] = { status: 'True', reason: 'DriftComesBack', message, warns: true };
  }
  if (gaveUp.length) {
    const message = `correction failed repeatedly: ${listed(gaveUp)}; read the latest AnsibleRun. Correction resumes when the drift or the baseline's checks change`;
    conditions['CorrectionFailed'] = { status: 'True', reason: 'AttemptsSpent', message, warns: true };
  }
  return conditions;
}

function haltedCondition(failed: readonly string[], total: number, most: number): DomainConditions[string] {
  const share = Math.round((failed.length * 100) / total);
  const message = `${share}% of the hosts failed (${listed(failed)}), more than maxFailPercentage ${most}; no further host is corrected until those are mended or the checks change`;
  return { status: 'True', reason: 'TooManyFailed', message, warns: true };
}

function runOf(baseline: DeviceBaseline, corrections: Correction[], name: string, revision: string): Intent {
  const { apiVersion, kind, metadata } = baseline;
  const { backend, playbookRef, serial, maxFailPercentage, forks, timeoutSeconds } = baseline.spec.remediation ?? {};
  const wanted = new Set(corrections.map(({ check }) => check));
  const spec: AnsibleRunSpec = {
    mode: 'Apply',
    deviceNames: [...new Set(corrections.map(({ device }) => device))],
    checks: baseline.spec.checks.filter((check) => wanted.has(check.name)),
    ...(playbookRef && { playbook: { configMapRef: playbookRef } }),
    backend: backend ?? 'Job',
    forks: forks ?? 10,
    timeoutSeconds: timeoutSeconds ?? 1800,
    maxFailPercentage: maxFailPercentage ?? 20,
    ...(serial && { serial }),
    baselineRef: { name: metadata.name },
    revision,
    corrections,
  };
  return {
    apiVersion,
    kind: 'AnsibleRun',
    metadata: {
      name,
      namespace: metadata.namespace,
      labels: { 'app.kubernetes.io/managed-by': 'holdfast', ...labelled({ 'holdfast.dev/baseline': metadata.name }) },
      ownerReferences: [{ apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '', controller: true }],
    },
    spec,
  };
}

function wordsOf(verdicts: readonly Verdict[], runs: readonly AnsibleRun[], halted: boolean): string {
  if (verdicts.some(({ is }) => is === 'contended')) return 'Contended';
  if (verdicts.some(({ is }) => is === 'gaveUp')) return 'Failed';
  if (halted) return 'Halted';
  const waiting = verdicts.find((verdict) => verdict.is === 'wait');
  if (waiting) return waiting.why;
  const last = byCompletion(runs).at(-1);
  if (!last) return 'Nothing to do';
  return `${last.metadata.name}: ${last.status?.summary ?? ''}`;
}

function untilNext(verdicts: readonly Verdict[], now: Date): number | undefined {
  const times = verdicts.flatMap((verdict) => (verdict.is === 'wait' ? [verdict.until.getTime()] : []));
  return times.length ? Math.max(1, Math.ceil((Math.min(...times) - now.getTime()) / 1000)) : undefined;
}

/** History is bounded: the oldest complete runs go. */
function endedRuns(runs: readonly AnsibleRun[]): Action[] {
  const complete = byCompletion(runs.filter(({ status }) => status?.completionTime));
  return complete
    .slice(0, Math.max(0, complete.length - keptRuns))
    .map(({ metadata: { namespace = '', name, uid = '' } }) => ({
      do: 'delete',
      kind: resources.AnsibleRun,
      key: { namespace, name },
      uid,
    }));
}
