/**
 * What an apply cannot say: that something must not be there (`hostPath: null`). Then one JSON patch takes that away and sets what differs
 * beside it, at once: the apiserver would refuse each half alone, as of a volume of two types. Pure.
 */
import type { Resource } from '../../api/v1alpha1/shared.ts';
import type { JsonPatch } from '../../runtime/feature.ts';
import { fieldIn, isObject, own } from '../objects/known.ts';
import { itemsIn } from '../objects/lists.ts';
import type { FieldSchema } from '../objects/schema.ts';
import type { Members } from '../objects/walk.ts';
import { Walker } from '../objects/walker.ts';

/** Of metadata, only these are anybody's to declare. */
const metadataParts = ['labels', 'annotations'];

/**
 * The operations in the live object that make it as the body says, null meaning that nothing must be there; none when it is so. What they
 * take away or replace must still be as it was seen, and items where they were: what others write beside it meanwhile is no hindrance.
 */
export function patchTo(body: object, live: Resource, schema: FieldSchema | undefined): JsonPatch {
  const draft = new Draft();
  const there = live as unknown as Members;
  for (const [name, value] of Object.entries(body as Members)) {
    if (['apiVersion', 'kind', 'status'].includes(name)) continue;
    const declared = name === 'metadata' ? onlyThose(value, metadataParts) : value;
    draft.member(name, declared, { live: there, schema: name === 'metadata' ? undefined : schema, pointer: '' });
  }
  return draft.operations;
}

/**
 * Without the fields that are null: to leave a field out is all that an apply, or a whole value, can say of it. A null that is stored
 * `there` stays: it does not differ.
 */
export function withoutNulls(value: unknown, there?: unknown): unknown {
  if (Array.isArray(value))
    return value.map((item, at) => withoutNulls(item, Array.isArray(there) ? there[at] : undefined));
  if (!isObject(value)) return structuredClone(value);
  const stored = (name: string): unknown => (isObject(there) ? own(there, name) : undefined);
  const said = Object.entries(value).filter(([name, member]) => member !== null || stored(name) === null);
  return Object.fromEntries(said.map(([name, member]) => [name, withoutNulls(member, stored(name))]));
}

/** RFC 6901. */
export function escaped(segment: string): string {
  return segment.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** An object that is there. */
interface Place {
  readonly live: Members;
  readonly schema: FieldSchema | undefined;
  readonly pointer: string;
}

class Draft {
  readonly operations: { op: 'test' | 'add' | 'remove' | 'replace'; path: string; value?: unknown }[] = [];

  /** A field of the object at that place. */
  member(name: string, wanted: unknown, { live, schema, pointer }: Place): void {
    const there = own(live, name);
    const isThere = there !== undefined && there !== null;
    const path = `${pointer}/${escaped(name)}`;
    // Compared within its parent, where the walk knows what is left away.
    const declared = { [name]: wanted };
    if (new Walker().agrees(declared, isThere ? { [name]: there } : {}, schema, 'subset')) return;
    const field = schema && fieldIn(schema, name);
    if (wanted === null) this.#seen(path, there).push({ op: 'remove', path });
    else if (isThere && isObject(wanted) && isObject(there) && !field?.atomic) this.members(wanted, there, field, path);
    else if (Array.isArray(wanted) && Array.isArray(there) && field && field.shape.list !== 'atomic')
      this.#items(wanted, there, field, path);
    else if (isThere) this.#seen(path, there).push({ op: 'replace', path, value: withoutNulls(wanted, there) });
    else this.operations.push({ op: 'add', path, value: withoutNulls(wanted) });
  }

  members(wanted: Members, there: Members, field: FieldSchema | undefined, pointer: string): void {
    const place = { live: there, schema: field, pointer };
    for (const [name, value] of Object.entries(wanted)) this.member(name, value, place);
  }

  #items(wanted: readonly unknown[], there: readonly unknown[], field: FieldSchema, path: string): void {
    const { items } = field.shape;
    const placeOf = itemsIn(there, field);
    for (const item of wanted) {
      const at = placeOf(item, (live) => new Walker().agrees(item, live, items, 'subset'));
      const live = there[at];
      if (isObject(item) && isObject(live)) this.#item(item, live, field, `${path}/${at}`);
      else if (at < 0) this.operations.push({ op: 'add', path: `${path}/-`, value: withoutNulls(item) });
    }
  }

  /** An item is told by its keys, wherever it stands. */
  #item(wanted: Members, live: Members, { shape }: FieldSchema, path: string): void {
    const before = this.operations.length;
    this.members(wanted, live, shape.items, path);
    if (this.operations.length === before) return;
    const keys = shape.keys.filter((key) => own(live, key) !== undefined);
    const tests = keys.map((key) => ({ op: 'test', path: `${path}/${escaped(key)}`, value: live[key] }) as const);
    this.operations.splice(before, 0, ...tests);
  }

  #seen(path: string, value: unknown): typeof this.operations {
    this.operations.push({ op: 'test', path, value });
    return this.operations;
  }
}

function onlyThose(value: unknown, names: readonly string[]): unknown {
  return isObject(value) ? Object.fromEntries(Object.entries(value).filter(([name]) => names.includes(name))) : {};
}
