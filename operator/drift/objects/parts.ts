/** The parts of an object that are compared, each in its way. Pure. */
import { fieldIn, isLeftAway, isObject, own } from './known.ts';
import { metadataFields, secretData, type FieldSchema } from './schema.ts';
import { hasAggregatedRules, isSecret } from './secret.ts';
import type { Conceal, Members, Mode, Pair, Walk } from './walk.ts';
import { Walker } from './walker.ts';

/** Says nothing at all of what it replaces. */
const concealed: Conceal = () => '(concealed)';

const identity = new Set(['apiVersion', 'kind']);

/** A walk that conceals when the template is of a Secret, even if nobody says how. */
export function walkFor({ template, conceal }: Pick<Pair, 'template' | 'conceal'>): Walker {
  return new Walker(isSecret(template) ? (conceal ?? concealed) : undefined);
}

/** What is known of a part at top level. */
export function partOf(schema: FieldSchema | undefined, name: string, object: Members): FieldSchema | undefined {
  if (name === 'data' && isSecret(object)) return secretData;
  return schema && fieldIn(schema, name);
}

/** Whether an apply may change the part: not what identifies the object, nor what controllers write. */
export function isAppliedPart(name: string, live: Members): boolean {
  return (
    !identity.has(name) && name !== 'metadata' && name !== 'status' && !(name === 'rules' && hasAggregatedRules(live))
  );
}

/** All but the status. */
export function compareParts(walk: Walk, { template, live, schema }: Pair, mode: Mode): void {
  compareMetadata(walk, template['metadata'], live['metadata'], mode === 'exact' ? 'subset' : mode);
  for (const name in template) {
    if (walk.stopped) return;
    if (!isAppliedPart(name, mode === 'held' ? {} : live)) continue;
    const there = own(live, name);
    if (there === undefined && isLeftAway(schema, name, template[name])) continue;
    const expected = template[name];
    walk.field(name, { expected, actual: there, field: partOf(schema, name, template), mode });
  }
}

/** What no apply can change: the status, and that a controller writes the rules that the template declares. */
export function compareBeyondApply(walk: Walk, pair: Pair): void {
  const { template, live } = pair;
  compareStatus(walk, pair, 'subset');
  const { rules, aggregationRule } = template;
  const declaresRules = Array.isArray(rules) && rules.length > 0 && !isObject(aggregationRule);
  if (!declaresRules || !hasAggregatedRules(live)) return;
  walk.trail.push('aggregationRule');
  walk.record('extra', undefined, live['aggregationRule']);
  walk.trail.pop();
}

export function compareStatus(walk: Walk, { template, live, schema }: Pair, mode: Mode): void {
  const status = mode === 'held' ? template['status'] : said(template['status']);
  if (!isObject(status)) return;
  const field = partOf(schema, 'status', template);
  walk.field('status', { expected: status, actual: own(live, 'status'), field, mode });
}

/**
 * A status without what says nothing: null, empty text, lists and objects. Generators write such a status beside what they declare, as of
 * CustomResourceDefinitions; nobody means that the status must be empty.
 */
function said(value: unknown): unknown {
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return undefined;
  if (!isObject(value)) return value;
  const members = Object.entries(value).flatMap(([name, member]) => {
    const kept = said(member);
    return kept === undefined ? [] : [[name, kept] as const];
  });
  return members.length ? Object.fromEntries(members) : undefined;
}

function compareMetadata(walk: Walk, declared: unknown, live: unknown, mode: Mode): void {
  if (!isObject(declared)) return;
  const there = isObject(live) ? live : {};
  walk.trail.push('metadata');
  for (const [name, field] of metadataFields) {
    const expected = own(declared, name);
    if (expected !== undefined && expected !== null)
      walk.field(name, { expected, actual: own(there, name), field, mode });
  }
  walk.trail.pop();
}
