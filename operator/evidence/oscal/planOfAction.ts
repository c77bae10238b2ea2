/**
 * OSCAL plan of action and milestones of a pack: an item for each waiver, as a deviation with milestones, and for each check that fails
 * without one. Pure.
 */
import type { ContentCheck } from '../sections/contents.ts';
import { checkId, compact, idOf, waiverId, type OscalInput } from './input.ts';
import {
  backMatter,
  checksOf,
  controlsOf,
  finding,
  frameworksOf,
  metadata,
  observation,
  origins,
  titleOf,
  tool,
} from './parts.ts';
import { risk, waiversOf } from './risk.ts';

/** Undefined where there is nothing to be done: OSCAL has no empty plan. */
export function planOfAction(input: OscalInput): object | undefined {
  const { policy } = input;
  const frameworks = frameworksOf(input);
  const waivers = waiversOf(input);
  const failing = checksOf(input).filter(({ targets }) => targets.fail);
  const shown = checksOf(input).filter(({ targets, waivers: names }) => targets.fail || names.length);
  if (!(waivers.length + failing.length)) return undefined;
  const ids = new Set(shown.map((check) => checkId(input, check)));
  const findings = controlsOf(input)
    .filter(({ state }) => state === 'NotSatisfied' || state === 'Waived')
    .map((control) => ({
      ...control,
      checks: control.checks.filter((check) => ids.has(checkId(input, check))),
    }));
  return {
    'plan-of-action-and-milestones': {
      uuid: idOf(input, 'plan-of-action', ...frameworks.map(({ id }) => id), input.pack.name, input.pack.sequence),
      metadata: metadata(input, `Plan of action and milestones: ${titleOf(frameworks)}`),
      'system-id': { 'identifier-type': 'http://ietf.org/rfc/rfc4122', id: policy.cluster.id },
      'local-definitions': { components: [tool(input)] },
      observations: shown.map((check) => observation(input, check)),
      risks: [...waivers.map((waiver) => risk(input, waiver)), ...failing.map((check) => openRisk(input, check))],
      findings: findings.map((control) => finding(input, control)),
      'poam-items': [
        ...waivers.map((waiver) => ({
          uuid: idOf(input, 'item', waiver.uid ?? waiver.name),
          title: `PolicyWaiver ${waiver.name}`,
          description: `The deviation ends at ${waiver.until}.`,
          'related-observations': shown
            .filter((check) => check.waivers.includes(waiver.name))
            .map((check) => ({ 'observation-uuid': checkId(input, check) })),
          'related-risks': [{ 'risk-uuid': waiverId(input, waiver) }],
        })),
        ...failing.map((check) => ({
          uuid: idOf(input, 'item', check.source.kind, check.source.name, check.check),
          title: `${check.check} of ${check.source.kind} ${check.source.name} fails`,
          description: `It fails on ${check.targets.fail} targets without a waiver.`,
          'related-observations': [{ 'observation-uuid': checkId(input, check) }],
          'related-risks': [{ 'risk-uuid': openRiskId(input, check) }],
        })),
      ],
      'back-matter': backMatter(input),
    },
  };
}

function openRiskId(input: OscalInput, { source, check }: ContentCheck): string {
  return idOf(input, 'open', source.kind, source.name, check);
}

function openRisk(input: OscalInput, check: ContentCheck): object {
  return compact({
    uuid: openRiskId(input, check),
    title: `${check.check} of ${check.source.kind} ${check.source.name} fails`,
    description: `It fails on ${check.targets.fail} targets without a waiver.`,
    statement: `The severity of the check is ${check.severity}.`,
    status: 'open',
    origins: origins(input),
    'related-observations': [{ 'observation-uuid': checkId(input, check) }],
  });
}
