/** What a baseline says of corrections that do not come: in conditions, and in one line. Pure. */
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { Condition } from '../../api/v1alpha1/shared.ts';
import type { DomainConditions } from '../../runtime/feature.ts';
import { counted, listed, shortened } from '../../lib/text.ts';
import { contendedCondition, exhaustedCondition } from '../contention.ts';
import { otherInWords, placeOf, type Contradiction } from '../contradictions.ts';
import { inOrder } from '../ownRuns.ts';
import type { Work } from '../work.ts';
import { stopped, type Stopped, type Verdict } from './correction.ts';

/** As many as a condition names one by one. */
const mostNamed = 20;
const longestReason = 200;

/** Checks that exclude each other; told in either mode, before any host is looked at. */
export function contradictionCondition(baseline: string, own: readonly Contradiction[]): DomainConditions {
  if (!own.length) return {};
  const pairs = own.map(
    ({ check, what, other }) => `check '${check}' and ${otherInWords(baseline, other)} conflict (${what})`,
  );
  const message = `${listed(pairs, mostNamed)}; neither is corrected until one of them is removed`;
  return { Contradiction: { status: 'True', reason: 'ConflictingChecks', message, warns: true } };
}

/** `contradicting` checks are told of elsewhere. */
export function correctionConditions(
  verdicts: readonly Verdict[],
  baseline: string,
  contradicting: ReadonlyMap<string, unknown>,
): DomainConditions {
  const contended = stopped(verdicts, 'contended');
  const gaveUp = stopped(verdicts, 'gaveUp');
  const manual = stopped(verdicts, 'manual').filter(({ check }) => !contradicting.has(placeOf(baseline, check)));
  const conditions: DomainConditions = {};
  if (contended.length) conditions['Contended'] = contendedCondition('DriftRecurs', contended.map(nameOf));
  if (gaveUp.length)
    conditions['CorrectionFailed'] = exhaustedCondition(
      counted(gaveUp.length, 'check'),
      named(gaveUp),
      "Correction resumes when the drift or the baseline's checks change",
    );
  if (manual.length) {
    const message = `${counted(manual.length, 'check')} ${need(manual.length)} manual action, all others are corrected: ${named(manual)}`;
    conditions['ManualActionRequired'] = { status: 'True', reason: 'NotCorrectable', message, warns: true };
  }
  return conditions;
}

function nameOf({ check, device }: Stopped): string {
  return `${check} on ${device}`;
}

function named(all: readonly Stopped[]): string {
  const each = all.map((one) => (one.why ? `${nameOf(one)}: ${shortened(one.why, longestReason)}` : nameOf(one)));
  const rest = each.length - mostNamed;
  return `${each.slice(0, mostNamed).join('; ')}${rest > 0 ? `; and ${rest} more, see the DriftReports` : ''}`;
}

function need(count: number): string {
  return count === 1 ? 'needs' : 'need';
}

export function haltedCondition(failed: readonly string[], total: number, most: number): DomainConditions[string] {
  const share = Math.min(100, Math.round((failed.length * 100) / total));
  const message = `${share}% of the hosts failed (${listed(failed)}), more than \`maxFailPercentage\` ${most}; no further host is corrected until those are fixed or the checks change`;
  return { status: 'True', reason: 'TooManyFailed', message, warns: true };
}

const passing = new Set(
  'Preparing Running Verifying DevicesBusy TooManyRuns WindowMissing WindowInvalid WindowClosed Frozen Suspended NeverOpens'.split(
    ' ',
  ),
);

/** A wait that ends by itself, or of which the baseline says more elsewhere. */
export function isPassing({ reason }: Condition): boolean {
  return passing.has(reason);
}

/** That the run of a baseline does not get on, and why: as long as it waits, nothing is corrected. */
export function blockedCondition(run: AnsibleRun): DomainConditions {
  const waits = succeededCondition(run);
  if (!waits || isPassing(waits)) return {};
  const { name } = run.metadata;
  const message = `AnsibleRun ${name} waits, and nothing is corrected until then: ${waits.message}. To begin with another run, delete it`;
  return {
    CorrectionBlocked: { status: 'True', reason: waits.reason, message: shortened(message, 1000), warns: true },
  };
}

export function succeededCondition({ status }: AnsibleRun): Condition | undefined {
  return status?.conditions?.find(({ type }) => type === 'Succeeded');
}

/** Runs of others on hosts that are to be corrected, by host. */
export type Awaited = ReadonlyMap<string, readonly AnsibleRun[]>;

/** `waits for AnsibleRun other-3 on web-01`; `undefined` when nothing is waited for. */
export function awaitedInWords(awaited: Awaited): string | undefined {
  const waits = [...awaited].flatMap(([device, [run]]) => (run ? [{ device, run: run.metadata.name }] : []));
  const byRun = Map.groupBy(waits, ({ run }) => run);
  const runs = [...byRun].map(([run, hosts]) => `AnsibleRun ${run} on ${listed(hosts.map(({ device }) => device))}`);
  return runs.length ? `waits for ${listed(runs, 2)}` : undefined;
}

/** What correction does, while no run of its own is at work and none begins. `unknown` hosts are not known to hold. */
export function idleWork(
  verdicts: readonly Verdict[],
  awaited: Awaited,
  runs: readonly AnsibleRun[],
  { halted, unknown }: { readonly halted: boolean; readonly unknown: number },
): Work {
  const is = (reason: Stopped['is']) => verdicts.some((verdict) => verdict.is === reason);
  if (is('contended')) return { correction: 'Contended' };
  if (is('gaveUp')) return { correction: 'Failed' };
  if (halted) return { correction: 'Halted' };
  const waiting = verdicts.find((verdict) => verdict.is === 'wait');
  if (waiting) return { correction: 'Waiting', correctionMessage: waiting.why };
  const awaitedWords = awaitedInWords(awaited);
  if (awaitedWords) return { correction: 'Waiting', correctionMessage: awaitedWords };
  const manual = stopped(verdicts, 'manual').length;
  const last = inOrder(runs).at(-1);
  const lastWords = last ? { correctionMessage: `${last.metadata.name}: ${last.status?.summary ?? ''}` } : {};
  if (manual)
    return {
      correction: 'Manual',
      correctionMessage: `${counted(manual, 'check')} ${need(manual)} manual action`,
    };
  if (unknown) return { correction: 'Unknown', ...lastWords };
  return { correction: last ? 'Done' : 'Idle', ...lastWords };
}
