/** Compares what a host said of a check with what was declared, whichever type the check is of. Pure. */
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';
import { shortened } from '../../lib/text.ts';
import type { Comparison, Conceal } from '../checks/checkType.ts';
import { declarationOf } from '../checks/declaration.ts';
import { visible } from '../checks/shown.ts';
import type { CheckOutput } from './output.ts';
import type { CheckObservation } from './observation.ts';

/** Reads the answer on a check. What makes no sense is unknown. */
export function readObservation(check: DeviceCheck, answer: CheckOutput): CheckObservation {
  if (answer.is === 'error') return { is: 'unknown', message: inOneLine(answer.text) };
  const { type, declared } = declarationOf(check);
  try {
    return { is: 'observed', value: type.parse(answer.text, declared) };
  } catch (error) {
    return { is: 'unknown', message: inOneLine(error instanceof Error ? error.message : String(error)) };
  }
}

export function compareCheck(check: DeviceCheck, observation: CheckObservation, conceal: Conceal): Comparison {
  if (observation.is === 'unknown') return observation;
  const { type, declared } = declarationOf(check);
  return type.compare(declared, observation.value, conceal);
}

/** Words of a host for people: on one line, nothing that a terminal would obey, bounded. */
export function inOneLine(text: string, most = 512): string {
  return shortened(visible(text.trim().replace(/\s+/g, ' ')), most) || 'no reason was given';
}
