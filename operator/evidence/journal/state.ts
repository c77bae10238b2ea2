/**
 * What was journaled last, object by object: what a decision is compared with. It changes only by entries, so that it is the same whether it was kept or
 * is made again from the journal. Bounded by the objects that are there, what fails in them, and the newest entries that were appended by an ID.
 */
import type { Finding } from '../../api/v1alpha1/finding.ts';
import { fingerprintOf } from '../../api/fingerprint.ts';
import { digestOf } from '../../lib/digest.ts';
import type { Decision } from './decision.ts';
import type { Draft, JournalEntry, JournalObject } from './entry.ts';

export interface FindingState {
  readonly finding: Pick<Finding, 'check' | 'path' | 'object' | 'result' | 'severity' | 'waiver' | 'manual'>;
  /** Milliseconds since 1970 of the last entry about its value. */
  readonly changed: number;
}

export interface ReportState {
  source: JournalEntry['source'];
  readonly target: JournalEntry['target'];
  /** By the start of its fingerprint. */
  readonly findings: Map<string, FindingState>;
  isCut: boolean;
}

export interface ObjectState {
  readonly uid: string | undefined;
  /** Milliseconds since 1970 of the last entry. */
  time: number;
  /** Type, status and reason of each, a line a condition, ordered by type. */
  conditions: string;
  /** Digest of what its kind decided beside that. */
  facts?: string;
  phase?: 'started' | 'completed';
  /** Digest of the writes that were begun last. */
  writes?: string;
  reports?: Map<string, ReportState>;
}

const mostIds = 1024;

export class JournalState {
  readonly objects = new Map<string, ObjectState>();
  /** IDs of what was appended, oldest first. */
  readonly ids = new Set<string>();
  /** Few different texts stand for many objects. */
  readonly #texts = new Map<string, string>();

  get(object: JournalObject): ObjectState | undefined {
    return this.objects.get(stateId(object));
  }

  /** Whether the entry would change nothing. */
  knows(draft: Draft): boolean {
    const before = this.get(draft.object);
    switch (draft.event) {
      case 'FindingOpened':
      case 'FindingChanged': {
        const known = before?.reports?.get(reportIn(draft))?.findings.get(fingerprintIn(draft));
        return known?.finding.result === draft.finding?.result && known?.finding.waiver === draft.finding?.waiver;
      }
      case 'FindingWaived':
      case 'FindingUnwaived': {
        const known = before?.reports?.get(reportIn(draft))?.findings.get(fingerprintIn(draft));
        return known !== undefined && known.finding.waiver === draft.finding?.waiver;
      }
      case 'FindingClosed':
        return !before?.reports?.get(reportIn(draft))?.findings.has(fingerprintIn(draft));
      case 'ConditionChanged': {
        const { type = '', status = '', reason = '' } = draft.condition ?? {};
        const line = before && linesOf(before.conditions).find((one) => one.startsWith(`${type}\t`));
        return draft.facts?.['removed'] === true ? line === undefined : line === conditionLine(type, status, reason);
      }
      case 'FactsChanged':
        if (draft.facts?.['report'] !== undefined)
          return before?.reports?.get(reportIn(draft))?.isCut === draft.facts['isCut'];
        return before?.facts === factsDigest(draft.facts);
      case 'RunStarted':
        return before?.phase !== undefined;
      case 'RunCompleted':
        return before?.phase === 'completed';
      case 'CorrectionBegun':
        return before?.writes === factsDigest(draft.facts);
      case 'ObjectGone':
        return before === undefined;
      default:
        return this.ids.has(String(draft.facts?.['id']));
    }
  }

  apply(draft: Draft): void {
    if (isAppended(draft) || draft.event === 'Gap') return this.#remember(draft.facts?.['id']);
    // What another writer decided meanwhile is newer.
    if (draft.facts?.['late'] === true) return;
    const id = stateId(draft.object);
    if (draft.event === 'ObjectGone') return void this.objects.delete(id);
    const { uid } = draft.object;
    let state = this.objects.get(id);
    if (!state) this.objects.set(id, (state = { uid, time: 0, conditions: '' }));
    state.time = Math.max(state.time, Date.parse(draft.time));
    this.#applyTo(state, draft);
  }

  /** What differs in nothing that is journaled, but in what the next difference is compared with. Without it, that is said with more reserve. */
  saw({ object, reports, writes }: Pick<Decision, 'object' | 'reports' | 'writes'>): void {
    const state = this.get(object);
    if (!state) return;
    if (writes.length === 0) delete state.writes;
    if (!state.reports) return;
    for (const { name, source, is } of reports) {
      const report = state.reports.get(name);
      if (report && source && is === 'evaluated') report.source = source;
    }
  }

  #applyTo(state: ObjectState, draft: Draft): void {
    switch (draft.event) {
      case 'ConditionChanged':
        state.conditions = this.#intern(withCondition(state.conditions, draft));
        return;
      case 'FactsChanged':
        if (draft.facts?.['report'] === undefined) state.facts = factsDigest(draft.facts);
        else reportFor(state, draft).isCut = draft.facts['isCut'] === true;
        return;
      case 'RunStarted':
      case 'RunCompleted':
        state.phase = draft.event === 'RunStarted' ? 'started' : 'completed';
        state.facts = factsDigest(draft.facts);
        return;
      case 'CorrectionBegun':
        state.writes = factsDigest(draft.facts);
        return;
      default:
        applyFinding(state, draft);
    }
  }

  /** As it was written down. */
  restore(id: string, state: ObjectState): void {
    this.objects.set(id, { ...state, conditions: this.#intern(state.conditions) });
  }

  #intern(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, text);
    return text;
  }

  #remember(id: unknown): void {
    if (typeof id !== 'string') return;
    this.ids.delete(id);
    this.ids.add(id);
    const [oldest] = this.ids;
    if (this.ids.size > mostIds && oldest !== undefined) this.ids.delete(oldest);
  }
}

function applyFinding(state: ObjectState, draft: Draft): void {
  const { finding, event } = draft;
  if (!finding) return;
  const report = reportFor(state, draft);
  const fingerprint = fingerprintIn(draft);
  const was = draft.facts?.['wasFingerprint'];
  if (typeof was === 'string') report.findings.delete(shortened(was));
  if (event === 'FindingClosed') report.findings.delete(fingerprint);
  else {
    const known = report.findings.get(fingerprint);
    const isValue = event === 'FindingOpened' || event === 'FindingChanged';
    const changed = isValue || !known ? Date.parse(draft.time) : known.changed;
    report.findings.set(fingerprint, { finding: keptOf(finding), changed });
  }
  if (report.findings.size === 0 && !report.isCut) state.reports?.delete(reportIn(draft));
  if (state.reports?.size === 0) delete state.reports;
}

function keptOf({ check, path, object, result, severity, waiver, manual }: Finding): FindingState['finding'] {
  return {
    check,
    ...(path !== undefined && { path }),
    ...(object && { object }),
    result,
    severity,
    ...(waiver !== undefined && { waiver }),
    ...(manual && { manual }),
  };
}

function reportFor(state: ObjectState, draft: Draft): ReportState {
  state.reports ??= new Map();
  const name = reportIn(draft);
  const known = state.reports.get(name);
  const source = draft.source ?? known?.source;
  const target = draft.target ?? known?.target;
  const report = {
    source,
    target,
    findings: known?.findings ?? new Map<string, FindingState>(),
    isCut: known?.isCut ?? false,
  };
  state.reports.set(name, report);
  return report;
}

function withCondition(conditions: string, { condition, facts }: Draft): string {
  const { type = '', status = '', reason = '' } = condition ?? {};
  const others = linesOf(conditions).filter((line) => !line.startsWith(`${type}\t`));
  if (facts?.['removed'] === true) return others.join('\n');
  return [...others, conditionLine(type, status, reason)].sort().join('\n');
}

export function conditionLine(type: string, status: string, reason: string): string {
  return `${type}\t${status}\t${reason}`;
}

export function linesOf(conditions: string): string[] {
  return conditions === '' ? [] : conditions.split('\n');
}

/** Of entries that are no decisions of passes. */
export function isAppended({ event }: Pick<Draft, 'event'>): boolean {
  return ['PackStored', 'PackWitnessed', 'Read', 'Exported', 'Held', 'Released', 'Disposed', 'KeyRotated'].includes(
    event,
  );
}

export function stateId({ kind, namespace = '', name }: JournalObject): string {
  return `${kind}/${namespace}/${name}`;
}

export function reportIn({ facts }: Draft): string {
  return String(facts?.['report']);
}

function fingerprintIn({ facts }: Draft): string {
  return shortened(String(facts?.['fingerprint']));
}

export function fingerprintKey(finding: Finding): string {
  return shortened(fingerprintOf(finding));
}

function shortened(fingerprint: string): string {
  return fingerprint.slice('sha256:'.length, 'sha256:'.length + 16);
}

export function factsDigest(facts: unknown): string {
  return digestOf(facts).slice('sha256:'.length, 'sha256:'.length + 16);
}
