/** A kind as the apiserver addresses it, and, for the compiler, the type of its objects. */
import type { Resource } from './v1alpha1/shared.ts';

/** Never there: it lets `Kind<Device>` say what reads of it give. */
declare const objects: unique symbol;

/** `R` is the type of its objects, so that reads, watches and indexes need no cast. */
export interface Kind<R = Resource> {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly [objects]?: R;
}
