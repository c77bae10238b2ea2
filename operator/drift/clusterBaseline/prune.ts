/** Which objects go with their baseline. */
import type { ObjectTemplate } from '../../api/v1alpha1/objectTemplate.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { targetId } from '../../findings/waiver/subject.ts';
import { isPattern } from '../../lib/wildcard.ts';
import type { Kind } from '../../api/kind.ts';
import type { Key } from '../../runtime/feature.ts';
import type { ManagedFieldsEntry } from '../objects/writer.ts';
import { CREATED_BY, managerOf } from './fix.ts';
import { namesOf, refOf } from './suspicion.ts';
import { spotsOf, type Spot } from './scope.ts';
import { groupAndVersion, type Turn } from './turn.ts';

export interface Prunable {
  readonly kind: Kind;
  readonly key: Key;
  readonly uid: string;
  /** As it was when it was seen to be ours: what somebody makes their own meanwhile stays. */
  readonly resourceVersion?: string;
  /** When it was last tried to delete it. */
  readonly triedTime?: Date;
  /** Why nobody can say that it is ours to delete. */
  readonly doubt?: string;
}

/** The field manager of all baselines together, before each template had its own. */
const managerBefore = 'holdfast';

/** Whether anything goes with it. */
export function prunes({ spec }: Turn['baseline']): boolean {
  return (spec.prune ?? 'Keep') !== 'Keep';
}

/** Those that the baseline created, or all that its templates name and it wrote to; a sentence when that cannot be known. */
export async function prunableOf(baseline: Turn['baseline'], turn: Turn): Promise<readonly Prunable[] | string> {
  if (!prunes(baseline)) return [];
  const { spec, metadata } = baseline;
  const prunable: Prunable[] = [];
  for (const item of spec.objects ?? []) {
    if (item.match === 'MustNotHave') continue;
    const found = await objectsOf(item, turn);
    if (typeof found === 'string') return found;
    for (const { kind, spot, isNamed } of found) {
      const isCreated = spot.object?.metadata.annotations?.[CREATED_BY] === metadata.uid;
      const managers = !isCreated && spec.prune === 'All' && isNamed ? await managersOf(kind, spot, turn) : [];
      const isOurs = isCreated || managers.includes(managerOf(metadata.name, item.name));
      if (!isOurs && !managers.includes(managerBefore)) continue;
      const key = { namespace: spot.namespace, name: spot.name };
      const { uid = '', resourceVersion } = spot.object?.metadata ?? {};
      const last = turn.account.lastWrite(kind, { delete: key, uid, ...(resourceVersion && { resourceVersion }) });
      prunable.push({
        kind,
        key,
        uid,
        ...(resourceVersion && { resourceVersion }),
        ...(last && { triedTime: last.time }),
        ...(!isOurs && { doubt: doubtOf(kind, spot) }),
      });
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
  const found: There[] = [];
  for (const spot of spotsOf(names.name, namespaces, followed, item.objectSelector)) {
    await turn.effort.rest();
    if (spot?.object && spot.object.metadata.deletionTimestamp === undefined) found.push({ kind, spot, isNamed });
  }
  return found;
}

/** What was written by an older version does not say for which baseline: it may be that of another. */
function doubtOf(kind: Kind, spot: Spot): string {
  const target = targetId({ object: refOf(kind, spot) });
  return `${target} was written by an older version (field manager ${managerBefore}), which did not record for which baseline`;
}

async function managersOf(kind: Kind, { namespace, name }: Spot, turn: Turn): Promise<readonly string[]> {
  const live = await turn.account.get<Resource & { metadata: { managedFields?: ManagedFieldsEntry[] } }>(
    kind,
    { namespace, name },
    turn.signal,
  );
  if (!live || 'is' in live) return [];
  return (live.metadata.managedFields ?? []).flatMap(({ manager }) => manager ?? []);
}
