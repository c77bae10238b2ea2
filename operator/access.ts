/** The rights of the operator, from what its features say of themselves: the RBAC in `manifests/rbac` is generated from it. */
import { features, type Parts } from './features.ts';
import { accessOf } from './runtime/access.ts';

/** Features are asked for their data only; nothing of the outside world is used. */
const noParts = {} as Parts;

export const access = accessOf(features(noParts));
