/** Makes sure, before anything is decided about a waiver that is never undone, that what decides about it is known as it is now. */
import { resources } from '../../api/generated/resources.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import type { Observing } from '../../runtime/feature.ts';
import { declaredIn, whyOutdated } from '../../findings/current.ts';
import type { WaiverWorld } from './observe.ts';
import { verdictOn } from './verdict.ts';

/** What is approved, rejected, or begun as an emergency by an old list, would be so for good. */
export async function withGates(waiver: PolicyWaiver, world: WaiverWorld, observing: Observing): Promise<WaiverWorld> {
  const { decision, latched, version } = verdictOn({ waiver, world, now: observing.now });
  const { decision: before, breakGlassTime } = waiver.status ?? {};
  const isDecided = decision.isOpen && (decision.is === 'Approved' || decision.is === 'Rejected');
  const isNew = isDecided && !(version.isSame && before === decision.is);
  if (!isNew && latched.status.breakGlassTime === breakGlassTime) return world;
  const { namespace = '' } = waiver.metadata;
  const source = world.source?.source.kind;
  const outdated = await whyOutdated(
    [
      ...declaredIn(namespace, resources.Approval),
      ...(source ? declaredIn(source.namespaced ? namespace : '', source) : []),
    ],
    observing,
  );
  return outdated === undefined ? world : { ...world, outdated };
}
