/** Makes sure, before a run is created, that what decides about it is known as it is now. */
import { resources } from '../../api/generated/resources.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { Observing } from '../../runtime/feature.ts';
import { declaredIn, waiversIn, whyOutdated } from '../../findings/current.ts';
import { decideBaseline } from './decide.ts';
import type { BaselineWorld } from './observe.ts';

/** The baseline itself needs no question: the record of the run is stored onto that very version of it. */
export async function withGates(
  baseline: DeviceBaseline,
  world: BaselineWorld,
  observing: Observing,
): Promise<BaselineWorld> {
  if (baseline.spec.mode !== 'Enforce') return world;
  const { afterStatus = [] } = decideBaseline(baseline, world, observing.now);
  if (!afterStatus.some((action) => action.do === 'create')) return world;
  const { namespace = '' } = baseline.metadata;
  const heldUp = await whyOutdated(
    [
      waiversIn(namespace),
      ...declaredIn(namespace, resources.Device, resources.DeviceBaseline),
      ...(baseline.spec.remediation?.windowRef ? declaredIn(namespace, resources.MaintenanceWindow) : []),
    ],
    observing,
  );
  return heldUp === undefined ? world : { ...world, heldUp };
}
