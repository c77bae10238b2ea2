/** Who goes by a window, and who waits for it now: by what is declared, and by what the operator said of it. Pure. */
import type { AnsibleRun } from '../../../api/v1alpha1/ansibleRun.ts';
import type { CanaryRollout } from '../../../api/v1alpha1/canaryRollout.ts';
import type { ClusterBaseline } from '../../../api/v1alpha1/clusterBaseline.ts';
import type { DeviceBaseline } from '../../../api/v1alpha1/deviceBaseline.ts';
import type { Condition, Resource } from '../../../api/v1alpha1/shared.ts';
import { currentCondition } from '../status/areas.ts';

export interface WindowUser {
  readonly kind: string;
  readonly name: string;
  /** Whether it waits for the window now. */
  readonly waits: boolean;
  readonly message?: string;
}

export interface Users {
  readonly deviceBaselines: readonly DeviceBaseline[];
  readonly clusterBaselines: readonly ClusterBaseline[];
  readonly rollouts: readonly CanaryRollout[];
  readonly runs: readonly AnsibleRun[];
}

export interface WindowKey {
  readonly namespace: string;
  readonly name: string;
}

/** The windows that are referred to, whether they exist or not. */
export function referredIn({ deviceBaselines, clusterBaselines, rollouts }: Users): WindowKey[] {
  const all = [...deviceBaselines, ...clusterBaselines, ...rollouts].flatMap((one) => windowOf(one) ?? []);
  return [...new Map(all.map((key) => [`${key.namespace}/${key.name}`, key])).values()];
}

export function usersOf(window: WindowKey, { deviceBaselines, clusterBaselines, rollouts, runs }: Users): WindowUser[] {
  const declared = [...deviceBaselines, ...clusterBaselines, ...rollouts].filter((one) => {
    const key = windowOf(one);
    return key?.name === window.name && key.namespace === window.namespace;
  });
  const waiting = runs.filter(
    (run) => run.metadata.namespace === window.namespace && waitingWords(run, window.name) !== undefined,
  );
  return [...declared, ...waiting]
    .map((one): WindowUser => {
      const message = waitingWords(one, window.name);
      const about = { kind: one.kind, name: one.metadata.name };
      return message === undefined ? { ...about, waits: false } : { ...about, waits: true, message };
    })
    .sort((a, b) => Number(b.waits) - Number(a.waits));
}

function windowOf(one: DeviceBaseline | ClusterBaseline | CanaryRollout): WindowKey | undefined {
  const { metadata, spec } = one;
  if ('serviceAccountRef' in spec)
    return spec.windowRef && { namespace: spec.serviceAccountRef.namespace, name: spec.windowRef.name };
  const ref = 'target' in spec ? spec.windowRef : spec.remediation?.windowRef;
  return ref && { namespace: metadata.namespace ?? '', name: ref.name };
}

const types = ['WaitsForWindow', 'Progressing', 'Succeeded', 'Ready'];

/** What the operator says of a window that it waits for, of what is declared now. */
function waitingWords(object: Resource, name: string): string | undefined {
  const said = types.flatMap((type) => currentCondition(object, type) ?? []).find((one) => isAbout(one, name));
  return said?.message.split('; ')[0];
}

function isAbout({ message }: Condition, name: string): boolean {
  const [, waited] = /waits for MaintenanceWindow ([a-z0-9.-]+?)(?:[,:;]|$)/.exec(message) ?? [];
  return waited === name;
}
