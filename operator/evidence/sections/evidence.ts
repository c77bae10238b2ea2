/**
 * The section Evidence: what is open now, and what was decided in the period. Findings that are open now are read from the reports in the
 * cluster; everything else is from the journal, which is the operator's own word. Lists are lazy. Pure.
 */
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import { resources } from '../../api/generated/resources.ts';
import { periodsOf, isWithin } from '../../findings/waiver/expiry.ts';
import type { SourceObject, TargetEvaluation } from '../../findings/source.ts';
import { evidenceSchema } from './evidenceSchema.ts';
import { findingFields } from './findingFields.ts';
import { byText, heading } from './heading.ts';
import { journaled } from './journaled.ts';
import { evaluationsOf, gapsIn, sourcesIn, uncollected } from './sources.ts';
import { pause } from './write.ts';
import type { Missing, Section, SectionDocument, SectionInput } from './section.ts';

/** Some milliseconds, whether they have findings or not. */
const targetsBetweenPauses = 64;

export const evidence: Section = { name: 'Evidence', stem: 'evidence', schema: evidenceSchema, build };

function build(input: SectionInput): SectionDocument {
  const { findings, gaps } = evaluated(input);
  const lacking: Missing[] = [];
  const missing = (): Missing[] => [...gaps(), ...lacking];
  return {
    get missing() {
      return missing();
    },
    content: {
      // It is written after the findings, and after the first list, which reads all of the journal.
      ...heading('Evidence', input, { [Symbol.iterator]: () => missing()[Symbol.iterator]() }),
      ...journaled(input, lacking),
      findings,
      waivers: waivers(input),
    },
  };
}

/** Targets are evaluated once, for the findings and for what is not known of them. */
function evaluated(input: SectionInput): { findings: Iterable<unknown>; gaps: () => readonly Missing[] } {
  let known: readonly Missing[] | undefined;
  function* findings(): Iterable<unknown> {
    const gaps: Missing[] = [];
    let targets = 0;
    for (const one of sourcesIn(input)) {
      gaps.push(...uncollected(one));
      for (const evaluation of evaluationsOf(one, input)) {
        gaps.push(...gapsIn(one, evaluation));
        yield* openFindings(one, evaluation);
        if (++targets % targetsBetweenPauses === 0) yield pause;
      }
    }
    known = gaps;
  }
  const now = (): readonly Missing[] =>
    sourcesIn(input).flatMap((one) => [
      ...uncollected(one),
      ...[...evaluationsOf(one, input)].flatMap((evaluation) => gapsIn(one, evaluation)),
    ]);
  return { findings: findings(), gaps: () => known ?? now() };
}

function openFindings(
  { source, object }: SourceObject,
  { target, state, findings }: TargetEvaluation,
): Iterable<Readonly<Record<string, unknown>>> {
  const from = { kind: source.kind.kind, name: object.metadata.name };
  const place = { kind: target.kind, name: target.name };
  return findings.map((finding) => {
    const shown = findingFields(finding);
    // In the order in which they are written.
    shown['source'] = from;
    shown['state'] = state;
    shown['target'] = place;
    shown['waiver'] = finding.waiver;
    return shown;
  });
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
