/**
 * Revisions of a baseline as ControllerRevisions, which are named by the digest of their checks and never change. What another wrote under such a name
 * has another digest, and is none. Pure.
 */
import type { Kind } from '../../api/kind.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';
import type { ObjectMeta, Resource } from '../../api/v1alpha1/shared.ts';
import { digestOf } from '../../lib/digest.ts';
import type { Intent } from '../../runtime/feature.ts';

/** As much as is read of one. */
export interface ControllerRevision extends Resource {
  readonly metadata: ObjectMeta;
  readonly data?: unknown;
  readonly revision?: number;
}

export const controllerRevisions: Kind<ControllerRevision> = {
  group: 'apps',
  version: 'v1',
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
  namespaced: true,
};

const digits = 16;
/** Names are too long for labels; uids are not. */
export const ownerLabel = 'holdfast.dev/baseline-uid';

/** `rhel9-1f2e3d4c5b6a7980` */
export function revisionName(baseline: string, revision: string): string {
  return `${baseline.slice(0, 230)}-${revision.slice('sha256:'.length, 'sha256:'.length + digits)}`;
}

/** As people see it: `1f2e3d4c`. */
export function shortRevision(revision: string): string {
  return revision.slice('sha256:'.length, 'sha256:'.length + 8);
}

export function revisionIntent(
  { apiVersion, kind, metadata }: DeviceBaseline,
  revision: string,
  checks: readonly DeviceCheck[],
): Intent {
  return {
    apiVersion: 'apps/v1',
    kind: controllerRevisions.kind,
    metadata: {
      name: revisionName(metadata.name, revision),
      namespace: metadata.namespace,
      labels: { 'app.kubernetes.io/managed-by': 'holdfast', [ownerLabel]: metadata.uid ?? '' },
      ownerReferences: [{ apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '', controller: true }],
    },
    data: { checks },
    revision: 1,
  };
}

/** The checks that it keeps; undefined when they are not those of the revision. */
export function checksIn({ data }: ControllerRevision, revision: string): readonly DeviceCheck[] | undefined {
  const { checks } = (data ?? {}) as { checks?: readonly DeviceCheck[] };
  return Array.isArray(checks) && digestOf(checks) === revision ? checks : undefined;
}

export function lostRevision(baseline: string, revision: string): string {
  return `revision ${shortRevision(revision)} is no longer stored: ControllerRevision ${revisionName(baseline, revision)} was deleted; start a CanaryRollout of another revision`;
}
