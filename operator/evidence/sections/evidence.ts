/**
 * The section Evidence: what is open now, and what was decided in the period. Findings that are open now are read from the reports in the
 * cluster; everything else is from the journal, which is the operator's own word. Lists are lazy. Pure.
 */
import type { Finding } from '../../api/v1alpha1/finding.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import { resources } from '../../api/generated/resources.ts';
import { periodsOf, isWithin } from '../../findings/waiver/expiry.ts';
import type { SourceObject, TargetEvaluation } from '../../findings/source.ts';
import { evidenceSchema } from './evidenceSchema.ts';
import { findingFields } from './findingFields.ts';
import { byText, heading } from './heading.ts';
import { accesses, approvals, changes, corrections, runs } from './journaled.ts';
import { trend } from './trend.ts';
import { evaluationsOf, gapsIn, sourcesIn } from './sources.ts';
import type { Missing, Section, SectionDocument, SectionInput } from './section.ts';

export const evidence: Section = { name: 'Evidence', stem: 'evidence', schema: evidenceSchema, build };

function build(input: SectionInput): SectionDocument {
  const missing: Missing[] = sourcesIn(input).flatMap((one) => [...gapsIn(one, input)]);
  return {
    missing,
    content: {
      ...heading('Evidence', input, missing),
      // The first list that is written reads all of the journal: `missing` comes later, and says what the journal lacks.
      accesses: accesses(input, missing),
      approvals: approvals(input),
      changes: changes(input),
      corrections: corrections(input),
      findings: findings(input),
      runs: runs(input),
      trend: trend(input),
      waivers: waivers(input),
    },
  };
}

function* findings(input: SectionInput): Iterable<object> {
  for (const one of sourcesIn(input)) {
    for (const evaluation of evaluationsOf(one, input))
      for (const finding of evaluation.findings) yield openFinding(one, evaluation, finding);
  }
}

function openFinding({ source, object }: SourceObject, { target, state }: TargetEvaluation, finding: Finding): object {
  return {
    ...findingFields(finding),
    source: { kind: source.kind.kind, name: object.metadata.name },
    state,
    target: { kind: target.kind, name: target.name },
    waiver: finding.waiver,
  };
}

/** Those that cover something now, by name. */
function waivers(input: SectionInput): object[] {
  const bySource = new Map(
    sourcesIn(input).map((one) => [`${one.source.kind.kind}/${one.object.metadata.name}`, one] as const),
  );
  return input.read
    .list(resources.PolicyWaiver, input.namespace)
    .flatMap((waiver) => {
      const { kind, name } = waiver.spec.source;
      const declared = bySource.get(`${kind}/${name}`);
      const rules = declared?.source.rules(declared.object);
      const inForce = [...periodsOf(waiver, rules)].filter(([, period]) => isWithin(period, input.now));
      const until = Math.max(...inForce.map(([, period]) => period.until));
      return inForce.length ? [waiverInForce(waiver, new Date(until))] : [];
    })
    .sort((a, b) => byText(a.name, b.name));
}

function waiverInForce({ metadata, spec, status }: PolicyWaiver, until: Date) {
  return {
    name: metadata.name,
    uid: metadata.uid,
    source: { kind: spec.source.kind, name: spec.source.name },
    checks: [...spec.checks],
    targets: {
      ...(spec.targets.names && { names: [...spec.targets.names] }),
      ...(spec.targets.namespaces && { namespaces: [...spec.targets.namespaces] }),
      ...(spec.targets.selector && { selector: spec.targets.selector }),
    },
    reason: spec.reason,
    risk: spec.risk,
    ticket: spec.ticket,
    compensatingControls: [...(spec.compensatingControls ?? [])],
    requestedBy: spec.requestedBy,
    isBreakGlass: spec.breakGlass !== undefined,
    digest: status?.digest,
    requestTime: status?.requestTime,
    approvedTime: status?.approved?.time,
    until: until.toISOString(),
    approvals: (status?.approvals ?? []).map(({ name, approver, role, decision, time }) => ({
      name,
      approver,
      role,
      decision,
      time,
    })),
    tasks: (spec.closurePlan?.tasks ?? []).map(({ name, owner, dueTime, done }) => ({
      name,
      owner,
      dueTime,
      isDone: done ?? false,
    })),
  };
}
