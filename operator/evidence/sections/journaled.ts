/** Lists of the section Evidence that are from the journal: each is read while it is written. Pure. */
import type { JournalEntry, JournalEvent } from '../journal/entry.ts';
import { listOf, recordsOf, textOf } from './facts.ts';
import { findingFields } from './findingFields.ts';
import type { Missing, SectionInput } from './section.ts';

type Journaled = Pick<SectionInput, 'journal'>;

const access: readonly JournalEvent[] = [
  'Read',
  'Exported',
  'Held',
  'Released',
  'Disposed',
  'KeyRotated',
  'PackStored',
  'PackWitnessed',
];

/** Who read, exported or held evidence, and what became of it. Reads the journal to its end, and adds what it lacks to `missing`. */
export async function* accesses({ journal }: Journaled, missing: Missing[]): AsyncIterable<object> {
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
    if (access.includes(entry.event)) yield { ...heads(entry), actor: entry.actor };
  }
}

/** What was decided about waivers and steps of rollouts. */
export async function* approvals({ journal }: Journaled): AsyncIterable<object> {
  for await (const entry of journal()) {
    const { kind } = entry.object;
    const { type = '' } = entry.condition ?? {};
    const isApproval =
      (kind === 'PolicyWaiver' && ['Approved', 'Effective', 'BreakGlass', 'NeedsReview'].includes(type)) ||
      (kind === 'Approval' && type === 'Counts') ||
      (kind === 'CanaryRollout' && type === 'Approved');
    if (isApproval) yield heads(entry);
  }
}

/** What became of findings. Of one that was closed, only where it was evaluated and found no longer is it said that it complies. */
export async function* changes({ journal }: Journaled): AsyncIterable<object> {
  for await (const entry of journal()) {
    const { sequence, time, event, finding, source, target, facts } = entry;
    if (!event.startsWith('Finding') || !finding) continue;
    const because = textOf(facts?.['because']);
    yield {
      sequence,
      time,
      event,
      source: source && { kind: source.kind, name: source.name, revision: source.revision },
      target: target && { kind: target.kind, name: target.name },
      finding: { ...findingFields(finding), waiver: finding.waiver },
      fingerprint: textOf(facts?.['fingerprint']),
      ...(event === 'FindingClosed' && {
        because: because ?? 'Unknown',
        complies: because === 'NoLongerFound' && finding.result === 'Fail',
      }),
    };
  }
}

/** What was changed: check by check on hosts, with what was there before; and writes to objects of a cluster. */
export async function* corrections({ journal }: Journaled): AsyncIterable<object> {
  for await (const entry of journal()) {
    const { sequence, time, object, facts = {} } = entry;
    const head = { sequence, time, object: objectFields(object) };
    if (entry.event === 'RunCompleted' && facts['mode'] !== 'Check')
      for (const correction of hostCorrections(facts)) yield { ...head, ...correction };
    // Written by name: entries of other versions may have it.
    if ((entry.event as string) === 'CorrectionBegun')
      for (const write of listOf(facts['writes'])) if (typeof write === 'string') yield { ...head, write };
  }
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

export async function* runs({ journal }: Journaled): AsyncIterable<object> {
  for await (const entry of journal())
    if (entry.event === 'RunStarted' || entry.event === 'RunCompleted') yield heads(entry);
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
