/** The parts of an object that are compared, each in its way. Pure. */
import { fieldIn, isLeftAway, isObject, own } from './known.ts';
import { metadataFields, secretData, type FieldSchema } from './schema.ts';
import { hasAggregatedRules, isSecret } from './secret.ts';
import { Walk, type Conceal, type Members, type Mode } from './walk.ts';

/** Says nothing at all of what it replaces. */
const concealed: Conceal = () => '(concealed)';

const identity = new Set(['apiVersion', 'kind']);

/** A walk that conceals when the template is of a Secret, even if nobody says how. */
export function walkFor(template: Members, conceal?: Conceal): Walk {
  return new Walk(isSecret(template) ? (conceal ?? concealed) : undefined);
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
export function compareParts(
  walk: Walk,
  template: Members,
  live: Members,
  schema: FieldSchema | undefined,
  mode: Mode,
): void {
  compareMetadata(walk, template['metadata'], live['metadata'], mode === 'exact' ? 'subset' : mode);
  for (const name in template) {
    if (walk.stopped) return;
    if (!isAppliedPart(name, mode === 'held' ? {} : live)) continue;
    const there = own(live, name);
    if (there === undefined && isLeftAway(schema, name, template[name])) continue;
    walk.field(name, template[name], there, partOf(schema, name, template), mode);
  }
}

/** What no apply can change: the status, and that a controller writes the rules that the template declares. */
export function compareBeyondApply(
  walk: Walk,
  template: Members,
  live: Members,
  schema: FieldSchema | undefined,
): void {
  compareStatus(walk, template, live, schema, 'subset');
  const { rules, aggregationRule } = template;
  const declaresRules = Array.isArray(rules) && rules.length > 0 && !isObject(aggregationRule);
  if (!declaresRules || !hasAggregatedRules(live)) return;
  walk.trail.push('aggregationRule');
  walk.record('extra', undefined, live['aggregationRule']);
  walk.trail.pop();
}

export function compareStatus(
  walk: Walk,
  template: Members,
  live: Members,
  schema: FieldSchema | undefined,
  mode: Mode,
): void {
  const status = mode === 'held' ? template['status'] : said(template['status']);
  if (isObject(status)) walk.field('status', status, own(live, 'status'), partOf(schema, 'status', template), mode);
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
    const wanted = own(declared, name);
    if (wanted !== undefined && wanted !== null) walk.field(name, wanted, own(there, name), field, mode);
  }
  walk.trail.pop();
}
