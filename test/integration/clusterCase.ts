/**
 * What drifts and what does not: the cluster as it is, what is declared, and the findings that are expected. Each case has a namespace of
 * its own, written `NS` here, in names of cluster-scoped objects too.
 */
import type { ExpressionCheck } from '../../operator/api/v1alpha1/expressionCheck.ts';
import type { ObjectTemplate } from '../../operator/api/v1alpha1/objectTemplate.ts';

export type Json = Record<string, unknown>;

export interface Case {
  /** Applied in order, by a manager named `someone`. */
  readonly given: readonly Json[];
  /** Applied after that by another manager: the drift, or what must not be taken for it. */
  readonly then?: { readonly manager: string; readonly objects: readonly Json[]; readonly subresource?: 'scale' };
  readonly objects?: readonly (Omit<ObjectTemplate, 'name' | 'template'> & { name?: string; template: Json })[];
  readonly checks?: readonly (Omit<ExpressionCheck, 'name'> & { name?: string })[];
  /** `path: expected → actual` of each failing finding, `? message` of an unknown one, in any order. */
  readonly findings: readonly (string | RegExp)[];
  /** What the declared objects have after they were corrected, as JSON. */
  readonly left?: readonly RegExp[];
  /** In mode Enforce: it becomes compliant (by default), or stays as it is for the reason given. */
  readonly stays?: RegExp;
}

export const metadata = (name: string, more: Json = {}): Json => ({ name, namespace: 'NS', ...more });
export const configMap = (data: Json | undefined, more: Json = {}): Json => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: metadata('settings', more),
  ...(data && { data }),
});
export const deployment = (spec: Json = {}, container: Json = {}, containers: readonly Json[] = []): Json => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: metadata('app'),
  spec: {
    selector: { matchLabels: { app: 'app' } },
    template: {
      metadata: { labels: { app: 'app' } },
      spec: { containers: [{ name: 'app', image: 'registry.example/app:1', ...container }, ...containers] },
    },
    ...spec,
  },
});
/** A template about the containers of that Deployment alone. */
export const containersOf = (...containers: readonly Json[]): Json => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: metadata('app'),
  spec: { template: { spec: { containers } } },
});
export const service = (spec: Json): Json => ({ apiVersion: 'v1', kind: 'Service', metadata: metadata('web'), spec });
export const rbac = 'rbac.authorization.k8s.io/v1';
export const clusterRole = (rules: readonly Json[], more: Json = {}): Json => ({
  apiVersion: rbac,
  kind: 'ClusterRole',
  metadata: { name: 'NS-reader' },
  rules,
  ...more,
});
export const readPods = { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] };
export const readAll = { apiGroups: ['*'], resources: ['*'], verbs: ['get'] };
export const oauth = (spec: Json): Json => ({
  apiVersion: 'config.openshift.io/v1',
  kind: 'OAuth',
  metadata: { name: 'NS' },
  spec,
});
export const apiServer = (spec: Json): Json => ({ ...oauth(spec), kind: 'APIServer' });
export const route = (spec: Json): Json => ({
  apiVersion: 'route.openshift.io/v1',
  kind: 'Route',
  metadata: metadata('shop'),
  spec,
});
export const machineConfig = (spec: Json): Json => ({
  apiVersion: 'machineconfiguration.openshift.io/v1',
  kind: 'MachineConfig',
  metadata: { name: 'NS' },
  spec,
});
/** With what `kubectl apply` leaves in its annotations. */
export const secret = (password: string, applied: string, more: Json = {}): Json => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: metadata('login', {
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ stringData: { applied } }) },
    ...more,
  }),
  stringData: { password },
});
export const networkPolicy = (name: string, ingress: readonly Json[]): Json => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: metadata(name),
  spec: { podSelector: {}, ingress },
});
export const pods = { group: '', kind: 'Pod' };
export const inNs = { namespaceSelector: { include: ['NS'] } };
export const pod = (name: string, container: Json = {}): Json => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: metadata(name),
  spec: { containers: [{ name: 'app', image: 'registry.example/app:1', ...container }] },
});
