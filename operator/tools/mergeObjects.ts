/** Puts the parts of an intersection, or an interface and its bases, together into one object. */
import { type Rule, type Schema, shapeOf } from './schema.ts';

/** Stands for a type that was reported: it accepts everything, so that one mistake causes no second report. */
export const unread: Schema = { 'x-kubernetes-preserve-unknown-fields': true };

interface Merging {
  /** Whether a field may stand in two parts; the first then wins, as an interface wins over its bases. */
  mayRepeat: boolean;
  report: (message: string) => void;
}

/** The fields and rules of all parts, in their order; `unread` when a part is, or is no object. */
export function mergeObjects(parts: readonly Schema[], merging: Merging): Schema {
  if (parts.includes(unread)) return unread;
  const other = parts.find((part) => shapeOf(part) !== 'object');
  if (other) {
    merging.report(`only objects can be combined, and one of these is of shape '${shapeOf(other)}'`);
    return unread;
  }
  return parts.reduce((first, second) => mergeTwo(first, second, merging));
}

function mergeTwo(first: Schema, second: Schema, { mayRepeat, report }: Merging): Schema {
  const repeated = Object.keys(second.properties ?? {}).filter((name) => first.properties?.[name]);
  if (!mayRepeat) for (const name of repeated) report(`'${name}' is in two of the combined types; keep one`);
  const properties = { ...first.properties };
  for (const [name, schema] of Object.entries(second.properties ?? {})) properties[name] ??= schema;
  const inherited = second.required?.filter((name) => !repeated.includes(name)) ?? [];
  const required = [...(first.required ?? []), ...inherited];
  const rules: Rule[] = [...(first['x-kubernetes-validations'] ?? []), ...(second['x-kubernetes-validations'] ?? [])];
  return {
    ...second,
    ...first,
    description: first.description,
    properties,
    required: required.length > 0 ? required : undefined,
    'x-kubernetes-validations': rules.length > 0 ? rules : undefined,
  };
}
