/** Kinds and features for tests of the runtime. */
import { fileURLToPath } from 'node:url';
import type { Resource, ResourceStatus, Suspend } from '../../operator/api/v1alpha1/shared.ts';
import type { Kind } from '../../operator/api/kind.ts';
import { on, type Action, type Intent, type OpenFeature, type Plan } from '../../operator/runtime/feature.ts';

export const manifest = fileURLToPath(new URL('valves.yaml', import.meta.url));

const group = { group: 'wire.holdfast.dev', version: 'v1', namespaced: true };
export const VALVE: Kind<Valve> = { ...group, kind: 'Valve', plural: 'valves' };
export const DROP: Kind<Drop> = { ...group, kind: 'Drop', plural: 'drops' };

export interface ValveSpec {
  readonly level?: number;
  readonly suspend?: Suspend;
}
export interface ValveStatus extends ResourceStatus {
  level?: number;
  count?: number;
  began?: string;
}
export type Valve = Resource<ValveSpec, ValveStatus>;
export type Drop = Resource<{ level: number }>;

export function valve(name: string, spec: ValveSpec = { level: 1 }, namespace = 'default') {
  return { apiVersion: 'wire.holdfast.dev/v1', kind: 'Valve', metadata: { name, namespace }, spec };
}

export function drop(owner: Resource, name: string, level: number): Intent {
  const { name: ownerName, namespace, uid = '' } = owner.metadata;
  const ownerReferences = [{ apiVersion: owner.apiVersion, kind: owner.kind, name: ownerName, uid, controller: true }];
  return {
    apiVersion: 'wire.holdfast.dev/v1',
    kind: 'Drop',
    metadata: { name, namespace, ownerReferences },
    spec: { level },
  };
}

/** A plan that is ready. */
export function ready<E = never>(status: Partial<ValveStatus>, actions: Action<E>[] = []): Plan<Valve, E> {
  return { outcome: { is: 'ready', reason: 'Open', message: 'The valve is open.' }, status, actions };
}

/** Keeps one Drop of the same name and level as the Valve. */
export function valveFeature(
  parts: Partial<OpenFeature<Valve, Drop | undefined>> = {},
): OpenFeature<Valve, Drop | undefined> {
  return {
    kind: VALVE,
    watches: [on(DROP, 'any', ({ metadata }) => [{ namespace: metadata.namespace ?? '', name: metadata.name }])],
    observe: ({ metadata: { name, namespace = '' } }, { read }) => read.get(DROP, { namespace, name }),
    decide: (it) =>
      ready({ level: it.spec.level }, [
        { do: 'apply', kind: DROP, object: drop(it, it.metadata.name, it.spec.level ?? 0) },
      ]),
    ...parts,
  };
}
