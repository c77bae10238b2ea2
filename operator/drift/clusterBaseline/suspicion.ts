/** How objects stand to an object template, as far as can be told from what was heard of them. Pure. */
import type { ObjectTemplate } from '../../api/v1alpha1/objectTemplate.ts';
import type { ObjectRef } from '../../api/v1alpha1/finding.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { isPattern } from '../../lib/wildcard.ts';
import type { Kind } from '../../api/kind.ts';
import { differences, holds, type ObjectDifference } from '../objects/compare.ts';
import type { FieldSchema } from '../objects/schema.ts';
import { json, templateFor } from './write.ts';

export type Conceal = (text: string) => string;

/** What the spot under a template holds, before a dry run confirmed it. */
export type Suspicion =
  | { readonly is: 'holds' }
  | { readonly is: 'absent' }
  | { readonly is: 'forbidden' }
  | { readonly is: 'differs'; readonly differences: readonly ObjectDifference[] };

interface TemplateMetadata {
  readonly name?: unknown;
  readonly namespace?: unknown;
  readonly generateName?: unknown;
}

/** The names that a template gives, or what is wrong with them. */
export function namesOf(item: ObjectTemplate, kind: Kind): { namespace?: string; name?: string } | { invalid: string } {
  const { name, namespace, generateName } = (item.template as { metadata?: TemplateMetadata }).metadata ?? {};
  if ((name !== undefined && typeof name !== 'string') || (namespace !== undefined && typeof namespace !== 'string'))
    return { invalid: `template ${item.name}: \`metadata.name\` and \`metadata.namespace\` must be strings` };
  const wrong = [name, namespace].find((text) => text !== undefined && !isSegment(text));
  if (wrong !== undefined)
    return {
      invalid: `template ${item.name}: ${JSON.stringify(wrong)} is not a valid name; use a name without spaces, '/' and '%', or a pattern with '*' and '?'`,
    };
  // Without a name it would be about every object of its kind, of which nobody thinks who has names made.
  if (name === undefined && generateName !== undefined && generateName !== null)
    return {
      invalid: `template ${item.name}: \`metadata.generateName\` is not a name; set \`metadata.name\`, or a pattern with '*' and '?'; without both, the template is about every ${kind.kind}`,
    };
  if (!kind.namespaced) {
    if (namespace !== undefined || item.namespaceSelector)
      return {
        invalid: `template ${item.name}: ${kind.kind} is not namespaced; remove \`metadata.namespace\` and \`namespaceSelector\``,
      };
  } else if (namespace === undefined && !item.namespaceSelector) {
    return {
      invalid: `template ${item.name}: ${kind.kind} needs a namespace; set \`metadata.namespace\` or \`namespaceSelector\``,
    };
  } else if (namespace !== undefined && (isPattern(namespace) || item.namespaceSelector)) {
    return {
      invalid: `template ${item.name}: set either \`metadata.namespace\` to one namespace or \`namespaceSelector\` to patterns`,
    };
  }
  if (item.match === 'MustNotHave' && name === undefined && !item.objectSelector && saysNothing(item.template))
    return {
      invalid: `template ${item.name}: MustNotHave would forbid every ${kind.kind}; set a name, \`objectSelector\` or fields`,
    };
  return { namespace, name };
}

/** How the object of a spot stands; `undefined` is a named object that is not there. */
export function suspect(
  item: ObjectTemplate,
  object: Resource | undefined,
  schema: FieldSchema | undefined,
  conceal: Conceal,
): Suspicion {
  const match = item.match ?? 'MustHave';
  const template = item.template as unknown as Record<string, unknown>;
  if (match === 'MustNotHave')
    return object && holds({ template, live: object as unknown as Record<string, unknown>, schema })
      ? { is: 'forbidden' }
      : { is: 'holds' };
  if (!object) return { is: 'absent' };
  const found = differences(
    {
      template: json(templateFor(item, object, schema)),
      live: object as unknown as Record<string, unknown>,
      schema,
      conceal,
    },
    match,
  );
  return found.length ? { is: 'differs', differences: found } : { is: 'holds' };
}

/** Whether only metadata of the objects needs to be known. */
export function needsOnlyMetadata(item: ObjectTemplate): boolean {
  return (
    item.match === 'MustNotHave' &&
    Object.keys(item.template).every((key) => ['apiVersion', 'kind', 'metadata'].includes(key))
  );
}

export function refOf(kind: Kind, { namespace, name }: { namespace: string; name: string }): ObjectRef {
  const apiVersion = kind.group ? `${kind.group}/${kind.version}` : kind.version;
  return { apiVersion, kind: kind.kind, ...(namespace && { namespace }), name };
}

/** What the apiserver accepts as a name; some kinds, such as roles, allow more than DNS names do. */
function isSegment(text: string): boolean {
  return text.length <= 253 && text !== '.' && text !== '..' && /^[^/%\s\p{Cc}]+$/u.test(text);
}

/** Neither a name nor labels, and of everything else no more than that it is there: as generators write `spec: {}`. */
function saysNothing({ apiVersion: _, kind: __, ...template }: ObjectTemplate['template']): boolean {
  const { metadata, ...parts } = template as Record<string, unknown>;
  const { labels, annotations, finalizers, ownerReferences } = (metadata ?? {}) as Record<string, unknown>;
  return ![labels, annotations, finalizers, ownerReferences, ...Object.values(parts)].some(
    (part) => part !== undefined && saysMore(part),
  );
}

function saysMore(part: unknown): boolean {
  if (Array.isArray(part)) return part.length > 0;
  if (typeof part !== 'object' || part === null) return true;
  return Object.values(part).some((member) => !Array.isArray(member) || member.length > 0);
}
