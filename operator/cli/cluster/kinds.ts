/** Kinds of Kubernetes that are read, with the fields that are. Whatever a cluster sends may lack any of them. Pure. */
import type {
  V1ContainerStatus,
  V1CustomResourceDefinition,
  V1Deployment,
  V1Lease,
  V1Pod,
} from '@kubernetes/client-node';
import type { Kind } from '../../api/kind.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';

type Live<T> = Pick<Resource, 'apiVersion' | 'kind' | 'metadata'> & Omit<T, 'apiVersion' | 'kind' | 'metadata'>;
export type Deployment = Live<V1Deployment>;
export type Pod = Live<V1Pod>;
export type Lease = Live<V1Lease>;
export type Crd = Live<V1CustomResourceDefinition>;
export type ContainerStatus = V1ContainerStatus;

const kind = (group: string, name: string, plural: string, namespaced = true): Kind => ({
  group,
  version: 'v1',
  kind: name,
  plural,
  namespaced,
});

export const DEPLOYMENT = kind('apps', 'Deployment', 'deployments');
export const REPLICA_SET = kind('apps', 'ReplicaSet', 'replicasets');
export const POD = kind('', 'Pod', 'pods');
/** In the form of `v1`, whose lists can be limited to the objects of one group. */
export const CORE_EVENT = kind('', 'Event', 'events');
export const CRD = kind('apiextensions.k8s.io', 'CustomResourceDefinition', 'customresourcedefinitions', false);

/** Those of the Deployment and the pods of every operator. */
export const operatorLabels = 'app.kubernetes.io/name=holdfast,app.kubernetes.io/component=operator';
export const operatorName = 'holdfast-operator';
