/** What can be done about a check that differs, whichever type it is of. Pure. */
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';
import type { CheckObservation } from '../probe/observation.ts';
import { manual, type Remedy } from './change.ts';
import { declarationOf } from './declaration.ts';

export function remedyOf(check: DeviceCheck, observation: CheckObservation): Remedy {
  if (observation.is === 'unknown') return manual(observation.message);
  const { type, declared } = declarationOf(check);
  return type.remedy(declared, observation.value);
}

/** What the check decides, by the name of each thing. */
export function claimsOf(check: DeviceCheck): Readonly<Record<string, string>> {
  const { type, declared } = declarationOf(check);
  return type.claims(declared);
}
