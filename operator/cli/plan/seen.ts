/** Reads what decides in a namespace, once, with the rights of who asks; what may not be read is named. What the files declare is laid over it. */
import { resources } from '../../api/generated/resources.ts';
import type { Kind } from '../../api/kind.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import type { Reader } from '../../runtime/feature.ts';
import type { Cluster } from '../command.ts';
import { listed } from '../cluster/listed.ts';
import { readerOver } from '../cluster/results/reader.ts';
import { unread } from '../cluster/unread.ts';

export interface Seen {
  readonly read: Reader;
  /** What could not be read, and why, by kind. */
  readonly unread: ReadonlyMap<string, string>;
}

const kinds: readonly Kind[] = [
  resources.Device,
  resources.DriftReport,
  resources.DeviceBaseline,
  resources.PolicyWaiver,
  resources.MaintenanceWindow,
  resources.CanaryRollout,
  resources.AnsibleRun,
];

/** Of kinds that could not be read there is nothing in it. */
export async function seenIn(cluster: Cluster, namespace: string): Promise<Listed> {
  const unreadable = new Map<string, string>();
  const lists = await Promise.all(
    kinds.map(async (kind): Promise<[string, readonly Resource[]]> => {
      try {
        return [kind.kind, await listed(cluster, kind, namespace)];
      } catch (error) {
        unreadable.set(kind.kind, unread(error).message);
        return [kind.kind, []];
      }
    }),
  );
  return { objects: new Map(lists), unread: unreadable };
}

export interface Listed {
  readonly objects: ReadonlyMap<string, readonly Resource[]>;
  readonly unread: ReadonlyMap<string, string>;
}

/** As it would be with these objects of the files instead. */
export function withPlanned({ objects, unread: names }: Listed, planned: readonly Resource[]): Seen {
  const byKind = Map.groupBy(planned, ({ kind }) => kind);
  const overlaid = [...objects].map(([kind, all]) => {
    const own = byKind.get(kind) ?? [];
    const replaced = new Set(own.map(({ metadata }) => metadata.name));
    return [kind, [...all.filter(({ metadata }) => !replaced.has(metadata.name)), ...own]] as const;
  });
  return { read: readerOver(new Map(overlaid)), unread: names };
}
