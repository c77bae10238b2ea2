/** Findings as a tree: what was expected and found, since when, what covers or was tried about it, and the next step. Pure. */
import type { AnsibleRun } from '../../../api/v1alpha1/ansibleRun.ts';
import type { ClusterBaseline } from '../../../api/v1alpha1/clusterBaseline.ts';
import type { DeviceBaseline } from '../../../api/v1alpha1/deviceBaseline.ts';
import type { Finding } from '../../../api/v1alpha1/finding.ts';
import type { PolicyWaiver } from '../../../api/v1alpha1/policyWaiver.ts';
import { isSuspended } from '../../../api/suspension.ts';
import { attemptsAt } from '../../../drift/attempts.ts';
import { ownRunsOf } from '../../../drift/ownRuns.ts';
import { duration } from '../../../lib/text.ts';
import type { Branch } from '../lines.ts';

export interface About {
  readonly baseline: DeviceBaseline | ClusterBaseline;
  /** Of a host. */
  readonly device?: string;
  readonly runs: readonly AnsibleRun[];
  readonly waivers: readonly PolicyWaiver[];
  readonly now: Date;
}

/** A branch for each check, in the order of its findings. */
export function checkBranches(findings: readonly Finding[], about: About): Branch[] {
  return [...Map.groupBy(findings, ({ check }) => check).values()].map((ofCheck) => checkBranch(ofCheck, about));
}

function checkBranch(findings: readonly Finding[], about: About): Branch {
  const first = findings[0]!;
  const { check, severity, controls, since } = first;
  const age = since === undefined ? '' : `, for ${duration((about.now.getTime() - Date.parse(since)) / 1000)}`;
  return {
    text: `${words[resultOf(findings)]} ${check} (${severity.toLowerCase()}${age})`,
    more: [
      ...findings.slice(0, mostFindings).map(factOf),
      ...(findings.length > mostFindings ? [`and ${findings.length - mostFindings} more`] : []),
      ...(controls === undefined ? [] : [`controls: ${controls}`]),
      ...attemptLines(check, about),
    ],
    ...nextStep(findings, about),
  };
}

const mostFindings = 8;

export type CheckResult = 'Fail' | 'Unknown' | 'Waived' | 'NotApplicable';

const words: Readonly<Record<CheckResult, string>> = {
  ...{ Fail: 'Fail', Unknown: 'Unknown', Waived: 'Waived', NotApplicable: 'Not applicable:' },
};

export function resultOf(findings: readonly Finding[]): CheckResult {
  if (findings.some(({ result, waiver }) => result === 'Fail' && waiver === undefined)) return 'Fail';
  // A result that only a newer operator knows is not known here.
  if (findings.some(({ result }) => result !== 'Fail' && result !== 'NotApplicable')) return 'Unknown';
  return findings.some(({ waiver }) => waiver !== undefined) ? 'Waived' : 'NotApplicable';
}

function factOf({ object, path, expected, found, message, manager }: Finding): string {
  const where = [object && [object.kind, object.namespace, object.name].filter(Boolean).join(' '), path];
  const what = expected === undefined ? '' : `expected ${expected}, found ${found ?? 'nothing'}`;
  const who = manager
    ? `last written by ${manager.name}${manager.time === undefined ? '' : ` at ${manager.time}`}`
    : '';
  const place = where.filter(Boolean).join(': ');
  return [[place, what].filter(Boolean).join(': '), message, who].filter(Boolean).join('; ');
}

/** What the runs of the baseline itself came to. Others may have the same names and labels. */
function attemptLines(check: string, { baseline, device, runs }: About): string[] {
  if (device === undefined || baseline.kind !== 'DeviceBaseline') return [];
  const last = attemptsAt(device, check, ownRunsOf(baseline, runs)).at(-1);
  if (!last) return [];
  const outcome = last.outcome === 'Verified' ? 'it complied afterwards' : (last.message ?? last.outcome);
  return [`last correction: AnsibleRun ${last.run} at ${last.time}: ${outcome}`];
}

/** What somebody can do about this check alone. */
function nextStep(findings: readonly Finding[], { waivers }: About): { readonly branches?: Branch[] } {
  const next = (text: string) => ({ branches: [{ text: `next: ${text}` }] });
  const state = resultOf(findings);
  if (state === 'Unknown') return next('make it readable; what is not known never counts as a pass');
  if (state === 'Fail')
    return findings.every(({ manual }) => manual) ? next('a person has to fix it, as said above') : {};
  const waiver = findings.find((one) => one.waiver !== undefined)?.waiver;
  if (waiver === undefined) return {};
  const until = waivers.find(({ metadata }) => metadata.name === waiver)?.spec.expiryTime;
  const end = until === undefined ? '' : ` until ${until}`;
  return next(`PolicyWaiver ${waiver} covers it${end}; fix it before then, or renew the waiver`);
}

/** What becomes of all that fails and can be corrected: in words, and as a command where there is one. */
export function correctionBranch(findings: readonly Finding[], { baseline, now }: About): Branch[] {
  const open = findings.filter(({ result, waiver, manual }) => result === 'Fail' && waiver === undefined && !manual);
  if (open.length === 0) return [];
  const { kind, metadata, spec, status } = baseline;
  const { suspend, mode = 'Inform' } = spec;
  if (isSuspended(suspend, now))
    return [{ text: `next: ${kind} ${metadata.name} is suspended (${suspend?.reason ?? ''}): nothing is corrected` }];
  if (mode === 'Inform')
    return [
      { text: 'next: this baseline only reports; to have what fails corrected:', commands: [enforceCommand(baseline)] },
    ];
  const { correction, correctionMessage } = status?.summary ?? {};
  const state = [correction, correctionMessage].filter(Boolean).join(': ');
  return [{ text: state === '' ? 'next: it will be corrected by the next run' : `correction: ${state}` }];
}

function enforceCommand({ kind, metadata: { name, namespace } }: About['baseline']): string {
  const place = kind === 'DeviceBaseline' ? ` -n ${namespace ?? 'default'}` : '';
  return `kubectl${place} patch ${kind.toLowerCase()} ${name} --type merge -p '{"spec":{"mode":"Enforce"}}'`;
}
