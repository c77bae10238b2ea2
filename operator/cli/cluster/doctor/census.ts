/** Devices and baselines, counted page by page: none is kept, so that it does not matter how many there are. */
import type { ClusterBaseline } from '../../../api/v1alpha1/clusterBaseline.ts';
import type { Device } from '../../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../../api/v1alpha1/deviceBaseline.ts';
import type { Resource } from '../../../api/v1alpha1/shared.ts';
import { grants } from '../../../drift/grants.ts';
import type { Grant } from '../../../runtime/feature.ts';

/** A right that the operator needs in a namespace, on some of its objects or, where there are no names, as such. */
export interface Need {
  readonly grant: Grant;
  readonly namespace: string;
  readonly names: ReadonlySet<string>;
}

/** Devices that are not well for one reason. */
export interface Ill {
  readonly count: number;
  /** The first one, as kubectl takes it, and its message. */
  readonly example: string;
  readonly message: string;
}

export interface Census {
  readonly devices: number;
  /** By the reason of the condition that is not True. */
  readonly ill: ReadonlyMap<string, Ill>;
  /** Baselines that need the image of Jobs, as kubectl takes them. */
  readonly needRunner: readonly string[];
  readonly needs: readonly Need[];
}

/** Pages of the objects of all namespaces. */
export interface Lists {
  readonly devices: AsyncIterable<readonly Device[]>;
  readonly deviceBaselines: AsyncIterable<readonly DeviceBaseline[]>;
  readonly clusterBaselines: AsyncIterable<readonly ClusterBaseline[]>;
}

export async function censusOf(lists: Lists): Promise<Census> {
  const ill = new Map<string, Ill>();
  const needs = new Map<string, { grant: Grant; namespace: string; names: Set<string> }>();
  const needRunner: string[] = [];
  let devices = 0;
  const need = (grant: Grant, namespace: string, name?: string): void => {
    const key = `${grant.name}/${namespace}`;
    const known = needs.get(key) ?? { grant, namespace, names: new Set<string>() };
    needs.set(key, known);
    if (name) known.names.add(name);
  };
  for await (const page of lists.devices) {
    devices += page.length;
    for (const device of page) {
      need(grants.credentials, device.metadata.namespace ?? '', device.spec.ssh?.credentialsRef?.name);
      const wrong = conditionAgainst(device);
      if (!wrong) continue;
      const known = ill.get(wrong.reason);
      const first = known ?? {
        example: `${device.metadata.namespace}/${device.metadata.name}`,
        message: wrong.message,
      };
      ill.set(wrong.reason, { ...first, count: (known?.count ?? 0) + 1 });
    }
  }
  for await (const page of lists.deviceBaselines)
    for (const { metadata, spec } of page) {
      const { namespace = '', name } = metadata;
      if (spec.mode !== 'Enforce') continue;
      if (spec.remediation?.backend !== 'Local') {
        need(grants.jobs, namespace);
        needRunner.push(`${namespace}/${name}`);
      }
      const playbook = spec.remediation?.playbookRef?.name;
      if (playbook) need(grants.playbooks, namespace, playbook);
    }
  for await (const page of lists.clusterBaselines)
    for (const { spec } of page) {
      const { namespace = '', name } = spec.serviceAccountRef ?? {};
      need(grants.accounts, namespace, name);
    }
  return { devices, ill, needRunner, needs: [...needs.values()] };
}

/** The first condition that says that the operator or the host is not well; a suspended Device is left alone on purpose. */
function conditionAgainst({ status }: Resource): { reason: string; message: string } | undefined {
  const conditions = status?.conditions ?? [];
  const of = (type: string) => conditions.find((condition) => condition.type === type);
  if (of('Suspended')?.status === 'True') return undefined;
  if (!of('Ready')) return { reason: 'NotEvaluated', message: 'it was not evaluated yet' };
  return ['Reachable', 'Ready'].map(of).find((condition) => condition && condition.status !== 'True');
}
