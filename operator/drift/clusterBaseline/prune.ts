/** Which objects go with their baseline. */
import type { ObjectTemplate } from '../../api/v1alpha1/objectTemplate.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { isPattern } from '../../lib/wildcard.ts';
import type { Key, Kind } from '../../runtime/feature.ts';
import type { ManagedFieldsEntry } from '../objects/writer.ts';
import { CREATED_BY, managerOf } from './fix.ts';
import { namesOf } from './judge.ts';
import { spotsOf, type Spot } from './scope.ts';
import { groupAndVersion, type Turn } from './turn.ts';

export interface Prunable {
  readonly kind: Kind;
  readonly key: Key;
  readonly uid: string;
}

/** Those that the baseline created, or all that its templates name and it wrote to; a sentence when that cannot be known. */
export async function prunableOf(
  { spec, metadata }: Turn['baseline'],
  turn: Turn,
): Promise<readonly Prunable[] | string> {
  if ((spec.prune ?? 'Keep') === 'Keep') return [];
  const prunable: Prunable[] = [];
  for (const item of spec.objects ?? []) {
    if (item.match === 'MustNotHave') continue;
    const found = await objectsOf(item, turn);
    if (typeof found === 'string') return found;
    for (const { kind, spot, isNamed } of found) {
      const isCreated = spot.object?.metadata.annotations?.[CREATED_BY] === metadata.uid;
      if (!isCreated && !(spec.prune === 'All' && isNamed && (await wroteTo(kind, spot, item.name, turn)))) continue;
      const key = { namespace: spot.namespace, name: spot.name };
      prunable.push({ kind, key, uid: spot.object?.metadata.uid ?? '' });
    }
  }
  return prunable;
}

interface There {
  readonly kind: Kind;
  readonly spot: Spot;
  readonly isNamed: boolean;
}

async function objectsOf(item: ObjectTemplate, turn: Turn): Promise<There[] | string> {
  const { group, version } = groupAndVersion(item.template.apiVersion);
  const kind = await turn.account.kindOf(group, version, item.template.kind);
  if (!kind) return [];
  const names = namesOf(item, kind);
  if ('invalid' in names) return [];
  const followed = await turn.account.follow(kind);
  if (followed.is === 'unknown') return followed.message;
  const namespaces = await turn.namespacesOf(item, names.namespace, kind);
  if ('unknown' in namespaces) return namespaces.unknown;
  const isNamed = names.name !== undefined && !isPattern(names.name);
  return spotsOf(names.name, namespaces, followed, item.objectSelector)
    .filter(({ object }) => object && object.metadata.deletionTimestamp === undefined)
    .map((spot) => ({ kind, spot, isNamed }));
}

async function wroteTo(kind: Kind, { namespace, name }: Spot, item: string, turn: Turn): Promise<boolean> {
  const live = await turn.account.get<Resource & { metadata: { managedFields?: ManagedFieldsEntry[] } }>(
    kind,
    { namespace, name },
    turn.signal,
  );
  if (!live || 'is' in live) return false;
  const manager = managerOf(turn.baseline.metadata.name, item);
  return (live.metadata.managedFields ?? []).some((entry) => entry.manager === manager);
}
