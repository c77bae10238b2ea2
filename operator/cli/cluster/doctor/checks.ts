/** The one list of checks, in the order of the report. Without the first one, none of the others can be made. */
import type { Check } from './check.ts';
import { enforcement, policies } from './checks/admission.ts';
import { apiserver, clocks } from './checks/apiserver.ts';
import { crds, schemas } from './checks/crds.ts';
import { devices } from './checks/devices.ts';
import { installations, lease } from './checks/leading.ts';
import { monitoring } from './checks/monitoring.ts';
import { deployment, pods, version } from './checks/operator.ts';
import { grants, rights, runner } from './checks/rights.ts';

export const checks: readonly [Check, ...Check[]] = [
  apiserver,
  crds,
  schemas,
  deployment,
  version,
  pods,
  lease,
  installations,
  policies,
  enforcement,
  rights,
  grants,
  runner,
  devices,
  clocks,
  monitoring,
];
