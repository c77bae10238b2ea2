/** The feature of ServiceLevelObjective: asks Prometheus how good a service is, tells what is left of its error budget, and keeps rules that alert on it. */
import { resources } from '../../api/generated/resources.ts';
import { believed, type Seal } from '../../api/seal.ts';
import type { ServiceLevelObjective } from '../../api/v1alpha1/serviceLevelObjective.ts';
import { sealedPlan } from '../../governance/sealedPlan.ts';
import { feature, on, type Key } from '../../runtime/feature.ts';
import { rolloutGrants } from '../grants.ts';
import { decideObjective } from './decide.ts';
import { objectiveGauges } from './metrics.ts';
import { objectiveObserver, type ObjectiveNeeds, type ObjectiveWorld } from './observe.ts';
import { Recent } from './recent.ts';

interface ObjectiveOutside extends ObjectiveNeeds {
  readonly seal: Seal;
}

export const serviceLevelObjective = feature({
  kind: resources.ServiceLevelObjective,
  // What it says is not known while it is suspended.
  decidesSuspension: true,
  // They wait for Prometheus most of the time.
  workers: 16,
  watches: [on(resources.ServiceLevelObjective, 'any', disbelievedObjective)],
  grants: [rolloutGrants.PrometheusRule, rolloutGrants.ConfigMap],
  gauges: objectiveGauges,
  open: ({ seal, ...needs }: ObjectiveOutside) => ({
    keeps: (slo: ServiceLevelObjective) => believed(slo, seal),
    observe: objectiveObserver(needs, new Recent()),
    decide: (slo: ServiceLevelObjective, world: ObjectiveWorld, now: Date) =>
      sealedPlan(slo, decideObjective(slo, world, now), seal),
  }),
});

/** Somebody else wrote its status: it is written again. */
function disbelievedObjective({ metadata: { namespace = '', name }, status }: ServiceLevelObjective): Key[] {
  return status && !status.seal ? [{ namespace, name }] : [];
}
