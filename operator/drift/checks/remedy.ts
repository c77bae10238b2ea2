/** What can be done about a check that differs, whichever type it is of. Pure. */
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';
import type { CheckObservation } from '../probe/observation.ts';
import { manual, type Remedy } from './change.ts';
import type { Claim } from './claim.ts';
import { declarationOf } from './declaration.ts';

/** A defect of one type must not keep a host from being told about. */
export function remedyOf(check: DeviceCheck, observation: CheckObservation): Remedy {
  if (observation.is === 'unknown') return manual(observation.message);
  const { type, declared } = declarationOf(check);
  try {
    return type.remedy(declared, observation.value);
  } catch (error) {
    return manual(
      `the correction could not be determined (${error instanceof Error ? error.message : String(error)}): this is a bug in Holdfast, report it`,
    );
  }
}

/** What the check decides, by the name of each thing. */
export function claimsOf(check: DeviceCheck): Readonly<Record<string, Claim>> {
  const { type, declared } = declarationOf(check);
  return type.claims(declared);
}
