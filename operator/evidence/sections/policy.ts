/**
 * The section Policy: framework by framework and control by control, what the checks that support it say, and how much of the fleet that is
 * known of. Pure.
 */
import { checkResults, type CheckResult, type CoveredTarget } from './checkResults.ts';
import { controlResults, type ControlResult, type ControlResults } from './controlStates.ts';
import { heading } from './heading.ts';
import { policySchema } from './policySchema.ts';
import { once } from './once.ts';
import type { Missing, Section, SectionDocument, SectionInput } from './section.ts';

export const policy: Section = { name: 'Policy', stem: 'policy', schema: policySchema, build };

function build(input: SectionInput): SectionDocument {
  const missing: Missing[] = [...(input.unread ?? [])];
  const made = once(() => read(input, missing));
  return {
    missing,
    content: {
      ...heading('Policy', input, missing),
      checks: async () => (await made()).checks.map(shownCheck),
      controls: async () => (await made()).results.controls.map(shownControl),
      coverage: async () => coverageOf((await made()).targets),
      frameworks: async () => {
        const { results } = await made();
        return results.frameworks.map(({ id, title, version }) => ({
          id,
          title,
          version,
          controls: countsOf(id, results),
        }));
      },
      unknownControls: async () =>
        (await made()).results.unknown.map(({ text, reason, source, check }) => ({ text, reason, source, check })),
    },
  };
}

/** What is not known is added to `missing`. */
async function read(input: SectionInput, missing: Missing[]) {
  const { checks, targets, gaps } = await checkResults(input);
  const results = controlResults(checks, input.frameworks);
  missing.push(...gaps);
  for (const { text, reason, source, check } of results.unknown)
    missing.push({ what: `control ${text} of check ${check} of ${source.kind} ${source.name}`, reason });
  return { checks, targets, results };
}

function shownCheck({ source, check, severity, controls, targets, waivers }: CheckResult): object {
  return { source, check, severity, controls: [...controls], targets, waivers: [...waivers].sort() };
}

function shownControl({ checks, counts, waivers, mapsTo, ...control }: ControlResult): object {
  return {
    ...control,
    checks: checks.map(({ source, check }) => ({ source, check })),
    targets: counts,
    waivers,
    ...(mapsTo && { mapsTo }),
  };
}

function countsOf(framework: string, { controls }: ControlResults): object {
  const own = controls.filter((control) => control.framework === framework);
  const of = (state: ControlResult['state']): number => own.filter((control) => control.state === state).length;
  return {
    total: own.length,
    satisfied: of('Satisfied'),
    notSatisfied: of('NotSatisfied'),
    waived: of('Waived'),
    notEvaluated: of('NotEvaluated'),
  };
}

/** Hosts first of all: those that a baseline selects. */
function coverageOf(targets: readonly CoveredTarget[]): object {
  const hosts = targets.filter(({ kind }) => kind === 'Device');
  const of = (state: CoveredTarget['state']): number => hosts.filter((host) => host.state === state).length;
  return {
    hosts: {
      selected: hosts.length,
      seen: of('Seen'),
      stale: of('Stale'),
      unreachable: of('Unreachable'),
      unknown: of('Unknown'),
    },
    notSeen: targets.filter(({ state }) => state !== 'Seen'),
  };
}
