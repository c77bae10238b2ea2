/**
 * Lists of the section Evidence that are from the journal, which is read once: the first list reads it to its end, and what belongs to the others is
 * written and kept meanwhile. So all of them are of the same entries. Pure.
 */
import type { JournalEntry, JournalEvent } from '../journal/entry.ts';
import { listOf, recordsOf, textOf } from './facts.ts';
import { findingFields } from './findingFields.ts';
import { inMemory, KeptList } from './kept.ts';
import type { Missing, SectionInput } from './section.ts';
import { trendOf } from './trend.ts';
import { jsonOf } from './write.ts';

const access: ReadonlySet<JournalEvent> = new Set<JournalEvent>([
  'Read',
  'Exported',
  'Held',
  'Released',
  'Disposed',
  'KeyRotated',
  'PackStored',
  'PackWitnessed',
]);

/** What the journal lacks is added to `missing` until the list `accesses` was read, which has to be the first. */
export function journaled(
  { journal, period, keep = inMemory }: Pick<SectionInput, 'journal' | 'period' | 'keep'>,
  missing: Missing[],
): Readonly<Record<'accesses' | 'approvals' | 'changes' | 'corrections' | 'runs' | 'trend', unknown>> {
  const lists = { approvals: new KeptList(keep), changes: new KeptList(keep) };
  const later = { corrections: new KeptList(keep), runs: new KeptList(keep) };
  const trend = trendOf(period);
  return {
    /** Who read, exported or held evidence, and what became of it. */
    accesses: (async function* () {
      let last: number | undefined;
      for await (const entry of journal()) {
        if (last !== undefined && entry.sequence !== last + 1)
          missing.push({ what: `journal after entry ${last}`, reason: `the next entry is ${entry.sequence}` });
        last = entry.sequence;
        if (entry.event === 'Gap')
          missing.push({
            what: `journal at ${entry.time}`,
            reason: `it had no room: what changed more than once until then is shown as it ended (entry ${entry.sequence})`,
          });
        trend.add(entry);
        const change = changeOf(entry);
        if (change) await lists.changes.add(jsonOf(change));
        if (isApproval(entry)) await lists.approvals.add(jsonOf(heads(entry)));
        if (entry.event === 'RunStarted' || entry.event === 'RunCompleted') await later.runs.add(jsonOf(heads(entry)));
        for (const correction of correctionsIn(entry)) await later.corrections.add(jsonOf(correction));
        if (access.has(entry.event)) yield { ...heads(entry), actor: entry.actor };
      }
    })(),
    ...lists,
    ...later,
    trend: { [Symbol.iterator]: () => trend.days()[Symbol.iterator]() },
  };
}

/** What was decided about waivers and steps of rollouts. */
function isApproval({ object: { kind }, condition }: JournalEntry): boolean {
  const { type = '' } = condition ?? {};
  return (
    (kind === 'PolicyWaiver' && ['Approved', 'Effective', 'BreakGlass', 'NeedsReview'].includes(type)) ||
    (kind === 'Approval' && type === 'Counts') ||
    (kind === 'CanaryRollout' && type === 'Approved')
  );
}

/** What became of a finding. Of one that was closed, only where it was evaluated and found no longer is it said that it complies. */
function changeOf({ sequence, time, event, finding, source, target, facts }: JournalEntry): object | undefined {
  if (!event.startsWith('Finding') || !finding) return undefined;
  const isClosed = event === 'FindingClosed';
  const because = textOf(facts?.['because']);
  const shown = findingFields(finding);
  shown['waiver'] = finding.waiver;
  // In the order in which they are written.
  return {
    because: isClosed ? (because ?? 'Unknown') : undefined,
    complies: isClosed ? because === 'NoLongerFound' && finding.result === 'Fail' : undefined,
    event,
    finding: shown,
    fingerprint: textOf(facts?.['fingerprint']),
    sequence,
    source: source && { kind: source.kind, name: source.name, revision: source.revision },
    target: target && { kind: target.kind, name: target.name },
    time,
  };
}

/** What was changed: check by check on hosts, with what was there before; and writes to objects of a cluster. */
function* correctionsIn({ event, sequence, time, object, facts = {} }: JournalEntry): Iterable<object> {
  const head = { sequence, time, object: objectFields(object) };
  if (event === 'RunCompleted' && facts['mode'] !== 'Check')
    for (const correction of hostCorrections(facts)) yield { ...head, ...correction };
  // Written by name: entries of other versions may have it.
  if ((event as string) === 'CorrectionBegun')
    for (const write of listOf(facts['writes'])) if (typeof write === 'string') yield { ...head, write };
}

interface HostCorrection {
  readonly device: string;
  readonly check: string;
  readonly outcome: string;
  readonly before?: string;
  readonly message?: string;
}

/** One for each check that was corrected on a host, or should have been. */
function* hostCorrections(facts: Readonly<Record<string, unknown>>): Iterable<HostCorrection> {
  const outcomes = new Map(recordsOf(facts['hosts']).map((host) => [host['name'], host['outcome']]));
  const before = new Map(recordsOf(facts['before']).map((one) => [one['device'], listOf(one['checks'])]));
  const failures = recordsOf(facts['failures']);
  for (const { device, checks } of recordsOf(facts['corrections'])) {
    if (typeof device !== 'string') continue;
    for (const line of listOf(checks)) {
      if (typeof line !== 'string') continue;
      const check = line.split(',', 1)[0]!;
      const failure = failures.find((one) => one['device'] === device && one['check'] === check);
      const was = before.get(device)?.find((one) => typeof one === 'string' && one.startsWith(`${check}: `));
      const outcome = outcomes.get(device);
      yield {
        device,
        check,
        // A host on which single checks were left unchanged is verified in all others.
        outcome: failure
          ? 'Failed'
          : outcome === 'Refused'
            ? 'Verified'
            : typeof outcome === 'string'
              ? outcome
              : 'Unknown',
        ...(typeof was === 'string' && { before: was.slice(check.length + 2) }),
        ...(typeof failure?.['message'] === 'string' && { message: failure['message'] }),
      };
    }
  }
}

/** What an entry says of the object whose pass decided it. */
function heads({
  sequence,
  time,
  event,
  object,
  condition,
  was,
  facts,
}: JournalEntry): Readonly<Record<string, unknown>> {
  return {
    sequence,
    time,
    event,
    object: objectFields(object),
    ...(condition && {
      condition: {
        type: condition.type,
        status: condition.status,
        reason: condition.reason,
        message: condition.message,
      },
    }),
    ...(was && { was: { status: was.status, reason: was.reason } }),
    facts,
  };
}

function objectFields({ kind, namespace, name, uid }: JournalEntry['object']): object {
  return { kind, namespace, name, uid };
}
