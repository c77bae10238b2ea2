/** What wakes a source: waivers about it. */
import { resources } from '../../api/generated/resources.ts';
import type { Kind } from '../../api/kind.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import { on, type Key, type Reader, type Watch } from '../../runtime/feature.ts';

/** Wakes the source of a waiver, and the one that it was about before. */
export function waiversAbout(kind: Kind): Watch {
  return on(resources.PolicyWaiver, 'any', (waiver: PolicyWaiver, _: Reader, before?: PolicyWaiver): Key[] =>
    [waiver, before].flatMap((one) => {
      if (one?.spec.source.kind !== kind.kind) return [];
      return [{ namespace: kind.namespaced ? (one.metadata.namespace ?? '') : '', name: one.spec.source.name }];
    }),
  );
}
