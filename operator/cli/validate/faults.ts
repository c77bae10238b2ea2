/**
 * What the apiserver takes, and Holdfast could not do: what its features find when they evaluate the object, found by the same functions. Of an object
 * that is valid. Pure.
 */
import type { CanaryRollout } from '../../api/v1alpha1/canaryRollout.ts';
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { EvidencePack } from '../../api/v1alpha1/evidencePack.ts';
import type { MaintenanceWindow } from '../../api/v1alpha1/maintenanceWindow.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import type { ServiceLevelObjective } from '../../api/v1alpha1/serviceLevelObjective.ts';
import { compile } from '../../cel/compile.ts';
import { contradictionInWords, contradictionsAmong, placeOf } from '../../drift/contradictions.ts';
import { ignoredProblems } from '../../drift/objects/ignored.ts';
import { calendarOf } from '../../evidence/evidencePack/due.ts';
import { opennessOf } from '../../governance/maintenanceWindow/openness.ts';
import { parseQuery } from '../../lib/promqlQuery.ts';
import { countedBy } from '../../rollout/serviceLevelObjective/indicator.ts';
import { queryWithin } from '../../rollout/verdict/gates/comparedHosts.ts';
import { problemIn, type Problem } from './problem.ts';

/** `now` is for windows that have no opening any more. */
export function faultsOf(object: Resource, now: Date): Problem[] {
  switch (object.kind) {
    case 'MaintenanceWindow':
      return windowFaults(object as MaintenanceWindow, now);
    case 'DeviceBaseline':
      return contradictionFaults(object as DeviceBaseline);
    case 'ClusterBaseline':
      return expressionFaults(object as ClusterBaseline);
    case 'CanaryRollout':
      return queryFaults(object as CanaryRollout);
    case 'EvidencePack':
      return said('spec.schedule', calendarOf(object as EvidencePack));
    case 'ServiceLevelObjective':
      return said('spec.indicator', countedBy((object as ServiceLevelObjective).spec.indicator));
    default:
      return [];
  }
}

/** A string says what is wrong; some begin with the path. */
function said(path: string, answer: unknown): Problem[] {
  if (typeof answer !== 'string') return [];
  return [problemIn('fault', answer.startsWith('spec.') ? answer : `${path}: ${answer}`)];
}

function windowFaults(window: MaintenanceWindow, now: Date): Problem[] {
  const openness = opennessOf(window, now);
  if (openness.is === 'invalid') return said('spec', openness.message);
  if (openness.reason !== 'NeverOpens') return [];
  const message = 'it never opens: its schedules name days that do not exist, or a freeze does not end';
  return [problemIn('fault', `spec.windows: ${message}`)];
}

/** A gate whose query the server refuses knows nothing, whatever happens. Servers with extensions of PromQL may take it. */
function queryFaults({ spec: { gates = {} } }: CanaryRollout): Problem[] {
  const queries = [
    ...(gates.metrics ?? []).flatMap(({ query, samplesQuery }, at) => [
      { path: `metrics[${at}].query`, query },
      { path: `metrics[${at}].samplesQuery`, query: samplesQuery },
    ]),
    ...(gates.comparisons ?? []).flatMap(({ errorsQuery, totalQuery }, at) => [
      { path: `comparisons[${at}].errorsQuery`, query: queryWithin(errorsQuery, 1) },
      { path: `comparisons[${at}].totalQuery`, query: queryWithin(totalQuery, 1) },
    ]),
  ];
  return queries.flatMap(({ path, query }) => {
    const problem = query === undefined ? undefined : parseQuery(query);
    return problem === undefined
      ? []
      : [
          problemIn(
            'warning',
            `spec.gates.${path}: ${problem}; Prometheus refuses such a query, and the gate never passes`,
          ),
        ];
  });
}

function contradictionFaults(baseline: DeviceBaseline): Problem[] {
  const found = contradictionsAmong([baseline]);
  return baseline.spec.checks.flatMap(({ name }, at) => {
    const contradiction = found.get(placeOf(baseline.metadata.name, name));
    return contradiction
      ? [problemIn('fault', `spec.checks[${at}]: check '${name}': ${contradictionInWords(contradiction)}`)]
      : [];
  });
}

function expressionFaults({ spec }: ClusterBaseline): Problem[] {
  const expressions = (spec.checks ?? []).flatMap((check, at) => {
    const compiled = compile(check);
    return compiled.is === 'invalid'
      ? [problemIn('fault', `spec.checks[${at}]: check '${check.name}': ${compiled.message}`)]
      : [];
  });
  const paths = (spec.objects ?? []).flatMap(({ name, ignoredPaths = [] }, at) =>
    ignoredProblems(ignoredPaths, undefined).map((problem) =>
      problemIn('fault', `spec.objects[${at}].ignoredPaths: template '${name}': ${problem}`),
    ),
  );
  return [...expressions, ...paths];
}
