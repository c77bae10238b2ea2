/** Which type a check is of, and what it declares. */
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';
import type { CheckKey, CheckType, Declared } from './checkType.ts';
import { checkTypes } from './index.ts';

/** A declaration with its type. The two belong together, which the type system cannot say of a table. */
export interface Declaration {
  readonly type: CheckType<CheckKey, unknown>;
  readonly declared: Declared<CheckKey>;
}

const rows = Object.entries(checkTypes) as [CheckKey, CheckType<CheckKey, unknown>][];

/** Throws when the check declares nothing, which the CRD does not let pass. */
export function declarationOf(check: DeviceCheck): Declaration {
  for (const [key, type] of rows) {
    const declared = check[key];
    if (declared !== undefined) return { type, declared };
  }
  throw new Error(`check '${check.name}' declares no requirement`);
}
