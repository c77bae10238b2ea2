/**
 * What is to be journaled of a decision: how it differs from what was journaled last. Applied to the state, the same decision differs in nothing. Only
 * statuses and reasons of conditions count, not their words, and a value that is another at each evaluation counts once in ten minutes. Pure.
 */
import { fingerprintOf, identityOf } from '../../api/fingerprint.ts';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import type { Decision, ReportDecision, Stated } from './decision.ts';
import type { Draft, JournalEntry, JournalObject } from './entry.ts';
import {
  conditionLine,
  factsDigest,
  fingerprintKey,
  linesOf,
  type FindingState,
  type JournalState,
  type ObjectState,
  type ReportState,
} from './state.ts';
import { plainFacts, plainValue } from './text.ts';

const valueMilliseconds = 600_000;

export function differences(state: JournalState, decision: Decision): Draft[] {
  const { object, time } = decision;
  const known = state.get(object);
  const isAnother =
    known !== undefined && known.uid !== object.uid && known.uid !== undefined && object.uid !== undefined;
  const gone = isAnother ? [goneEntry({ ...object, uid: known.uid }, known, time)] : [];
  const before = isAnother ? undefined : known;
  return [
    ...gone,
    ...decision.reports.flatMap((report) => reportDifferences(before, report, decision)),
    ...(decision.isInFull ? unnamedDifferences(before, decision) : []),
    ...conditionDifferences(before, decision),
    ...factDifferences(before, decision),
    ...writeDifferences(before, decision),
  ].map(plain);
}

/** Its facts are plain already. */
function plain({ facts, ...draft }: Draft): Draft {
  return { ...(plainValue(draft) as Draft), ...(facts && { facts }) };
}

/** With an object, everything ends that was journaled of it. */
export function goneDifference(state: JournalState, object: JournalObject, time: string): Draft[] {
  const known = state.get(object);
  if (!known) return [];
  return [goneEntry({ ...object, ...(known.uid !== undefined && { uid: known.uid }) }, known, time)];
}

function goneEntry(object: JournalObject, { reports }: ObjectState, time: string): Draft {
  let open = 0;
  for (const { findings } of reports?.values() ?? []) open += findings.size;
  return { time, event: 'ObjectGone', object, facts: { openFindings: open } };
}

function conditionDifferences(
  before: ObjectState | undefined,
  { conditions, time, object, isSuspension }: Decision,
): Draft[] {
  const types = Object.keys(conditions).sort();
  const lines = types.map((type) => lineOf(type, conditions[type]!));
  if (before && before.conditions === lines.join('\n')) return [];
  const known = new Map(linesOf(before?.conditions ?? '').map((line) => [line.slice(0, line.indexOf('\t')), line]));
  const changed = types.flatMap((type, at): Draft[] => {
    const line = known.get(type);
    const { status, reason, message } = conditions[type]!;
    if (line === lines[at]) return [];
    const condition = { type, status, reason, message };
    return [{ time, event: 'ConditionChanged', object, condition, ...(line !== undefined && { was: wasOf(line) }) }];
  });
  // The summary is not settled in each pass; a person's pause leaves everything else as it is.
  const removed = isSuspension
    ? []
    : [...known].filter(([type]) => type !== 'Ready' && !Object.hasOwn(conditions, type));
  return [
    ...changed,
    ...removed.map(([type, line]): Draft => {
      const condition = { type, status: 'Unknown', reason: 'Removed', message: 'it is no longer reported' } as const;
      return { time, event: 'ConditionChanged', object, condition, was: wasOf(line), facts: { removed: true } };
    }),
  ];
}

function lineOf(type: string, { status, reason }: Stated): string {
  return conditionLine(type, status, reason);
}

function wasOf(line: string): NonNullable<JournalEntry['was']> {
  const [, status = '', reason = ''] = line.split('\t');
  return { status: status as 'True' | 'False' | 'Unknown', reason };
}

function factDifferences(before: ObjectState | undefined, { facts: stated, time, object }: Decision): Draft[] {
  // What ran to its end stays as it was.
  if (!stated || before?.phase === 'completed') return [];
  const facts = plainFacts(stated.facts);
  const digest = factsDigest(facts);
  if (stated.phase && stated.phase !== before?.phase) {
    const event = stated.phase === 'started' ? 'RunStarted' : 'RunCompleted';
    return [{ time, event, object, facts }];
  }
  return digest === before?.facts ? [] : [{ time, event: 'FactsChanged', object, facts }];
}

function writeDifferences(before: ObjectState | undefined, { writes, time, object }: Decision): Draft[] {
  // That nothing is to be written any longer is no entry.
  if (writes.length === 0) return [];
  const facts = plainFacts({ writes });
  return before?.writes === factsDigest(facts) ? [] : [{ time, event: 'CorrectionBegun', object, facts }];
}

function reportDifferences(
  before: ObjectState | undefined,
  report: ReportDecision,
  { time, object }: Decision,
): Draft[] {
  const known = before?.reports?.get(report.name);
  if (report.is === 'blind' || (!known && report.findings.length === 0 && !report.isCut)) return [];
  const source = report.source ?? known?.source;
  const target = report.target ?? known?.target;
  const about: About = {
    time,
    object,
    report: report.name,
    ...(source && { source }),
    ...(target && { target }),
  };
  if (report.is === 'asBefore') return report.findings.flatMap((finding) => waiverDifference(about, known, finding));
  return [
    ...cutDifference(about, known, report),
    ...(report.is === 'ended' ? allClosed(about, known, 'NotEvaluated') : findingDifferences(about, known, report)),
  ];
}

function unnamedDifferences(before: ObjectState | undefined, { reports, time, object }: Decision): Draft[] {
  const named = new Set(reports.map(({ name }) => name));
  return [...(before?.reports ?? [])].flatMap(([report, known]) => {
    if (named.has(report)) return [];
    const { source, target } = known;
    return allClosed(
      { time, object, report, ...(source && { source }), ...(target && { target }) },
      known,
      'NoLongerFound',
    );
  });
}

type About = Pick<Draft, 'time' | 'object' | 'source' | 'target'> & { readonly report: string };

function entry(event: JournalEntry['event'], { report, ...about }: About, finding: Finding, more: object = {}): Draft {
  return { ...about, event, finding, facts: { report, fingerprint: fingerprintOf(finding), ...more } };
}

function cutDifference(
  { report, ...about }: About,
  known: ReportState | undefined,
  { isCut }: ReportDecision,
): Draft[] {
  if ((known?.isCut ?? false) === isCut) return [];
  return [{ ...about, event: 'FactsChanged', facts: { report, isCut } }];
}

function findingDifferences(about: About, known: ReportState | undefined, report: ReportDecision): Draft[] {
  const now = new Map<string, Finding>();
  for (const finding of report.findings) now.set(fingerprintKey(finding), finding);
  const left = new Map(known?.findings);
  const fresh: Finding[] = [];
  const drafts: Draft[] = [];
  for (const [key, finding] of now) {
    const same = left.get(key);
    if (!same) fresh.push(finding);
    else drafts.push(...sameFinding(about, same.finding, finding));
    left.delete(key);
  }
  if (fresh.length === 0 && left.size === 0) return drafts;
  return [...drafts, ...replaced(about, left, fresh, { report, known })];
}

/** The same place with the same value. */
function sameFinding(about: About, was: FindingState['finding'], finding: Finding): Draft[] {
  const isOther =
    was.result !== finding.result ||
    was.severity !== finding.severity ||
    (was.manual ?? false) !== (finding.manual ?? false);
  return [...(isOther ? [entry('FindingChanged', about, finding)] : []), ...marked(about, was.waiver, finding)];
}

function marked(about: About, was: string | undefined, finding: Finding): Draft[] {
  if (was === finding.waiver) return [];
  return [
    entry(
      finding.waiver === undefined ? 'FindingUnwaived' : 'FindingWaived',
      about,
      finding,
      was === undefined ? {} : { wasWaiver: was },
    ),
  ];
}

/** A place where the value alone is another is the same finding; everything else ended, or is new. */
function replaced(
  about: About,
  left: ReadonlyMap<string, FindingState>,
  fresh: readonly Finding[],
  { report, known }: { report: ReportDecision; known: ReportState | undefined },
): Draft[] {
  const placeOf = (finding: FindingState['finding']): string => `${finding.result} ${identityOf(finding)}`;
  const ended = Map.groupBy(left, ([, { finding }]) => placeOf(finding));
  const begun = Map.groupBy(fresh, placeOf);
  const opened = [...begun].flatMap(([place, findings]): Draft[] => {
    const [was, ...others] = ended.get(place) ?? [];
    const [finding] = findings;
    if (!was || !finding || others.length > 0 || findings.length > 1)
      return findings.flatMap((one) => openedEntries(about, one));
    ended.delete(place);
    if (Date.parse(about.time) - was[1].changed < valueMilliseconds && finding.waiver === was[1].finding.waiver)
      return [];
    const changed = entry('FindingChanged', about, finding, { wasFingerprint: `sha256:${was[0]}` });
    return [changed, ...marked(about, was[1].finding.waiver, finding)];
  });
  const unknown = new Map(
    report.findings.flatMap(({ check, result }) => (result === 'Fail' ? [] : [[check, result] as const])),
  );
  const isRevised = report.source?.revision !== undefined && known?.source?.revision !== report.source.revision;
  const closed = [...ended.values()].flat().map(([key, { finding }]): Draft => {
    const because = report.isCut
      ? 'NotListed'
      : (unknown.get(finding.check) ?? (isRevised ? 'RevisionChanged' : 'NoLongerFound'));
    return closedEntry(about, key, finding, because);
  });
  return [...closed, ...opened];
}

function openedEntries(about: About, finding: Finding): Draft[] {
  return [entry('FindingOpened', about, finding), ...marked(about, undefined, finding)];
}

function allClosed(about: About, known: ReportState | undefined, because: string): Draft[] {
  return [...(known?.findings ?? [])].map(([key, { finding }]) => closedEntry(about, key, finding, because));
}

function closedEntry(
  { report, ...about }: About,
  key: string,
  finding: FindingState['finding'],
  because: string,
): Draft {
  return { ...about, event: 'FindingClosed', finding, facts: { report, fingerprint: `sha256:${key}`, because } };
}

/** Of what was found before, of which nothing else is news. */
function waiverDifference(about: About, known: ReportState | undefined, finding: Finding): Draft[] {
  const was = known?.findings.get(fingerprintKey(finding));
  return was ? marked(about, was.finding.waiver, finding) : [];
}
