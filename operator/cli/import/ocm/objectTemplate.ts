/** One item of `object-templates` as an object of a ClusterBaseline, or why it cannot be one. Pure. */
import type { ClusterBaseline } from '../../../api/v1alpha1/clusterBaseline.ts';
import type { ObjectTemplate } from '../../../api/v1alpha1/objectTemplate.ts';
import type { Severity } from '../../../api/v1alpha1/shared.ts';
import { validate } from '../../../api/validate.ts';
import { asObject, asText, at, findValue, saidMembers, without, type Json } from './json.ts';
import { notesOf } from './objectNotes.ts';
import { note, type Note } from './report.ts';
import { scopeOf } from './scope.ts';
import type { Selection } from './selection.ts';
import { isTemplate, templateIn } from './templating.ts';

export type Mode = 'Inform' | 'Enforce';
export type Match = NonNullable<ObjectTemplate['match']>;
type Draft = Omit<ObjectTemplate, 'name'>;

/** What all objects of a ConfigurationPolicy share. */
export interface Shared {
  readonly mode: Mode;
  readonly severity?: Severity;
  readonly controls: readonly string[];
  readonly selection: Selection;
  readonly areTemplatesDisabled: boolean;
}

export type Outcome =
  | { readonly is: 'translated'; readonly object: Draft; readonly mode: Mode; readonly notes: readonly Note[] }
  | { readonly is: 'refused'; readonly reason: Note };

const matches: readonly Match[] = ['MustHave', 'MustNotHave', 'MustOnlyHave'];
const longest = 600_000;

export function translateObject(written: unknown, shared: Shared): Outcome {
  const item = asObject(written);
  const definition = asObject(item?.['objectDefinition']);
  if (!item || !definition) {
    return refused('Malformed', 'it needs complianceType and objectDefinition; correct it');
  }
  const reason = templateIn(item, '', shared.areTemplatesDisabled) ?? unwritable(definition) ?? unnameable(definition);
  if (reason) return { is: 'refused', reason };
  const match = matches.find((one) => one.toLowerCase() === asText(item['complianceType'])?.toLowerCase());
  if (!match) return refused('Malformed', `complianceType must be one of ${matches.join(', ').toLowerCase()}`);
  const name = at(definition, 'metadata', 'name') || undefined;
  const selector = asObject(item['objectSelector']);
  const indefinite = name === undefined && !selector ? unnamed(definition, match) : undefined;
  if (indefinite) return { is: 'refused', reason: indefinite };
  const place = placeOf(definition, shared.selection);
  if ('reason' in place) return { is: 'refused', reason: place.reason };
  const trimmed = trimmedTemplate(definition, place.dropNamespace);
  const object: Draft = {
    ...(shared.severity && { severity: shared.severity }),
    ...(shared.controls.length && { controls: [...shared.controls] }),
    match,
    ...(place.selector && { namespaceSelector: place.selector }),
    ...(selector && name === undefined && { objectSelector: saidMembers(selector) }),
    template: trimmed.template,
  };
  const isOnlyShown = shared.mode === 'Enforce' && name === undefined && !selector;
  const notes = [
    ...place.notes,
    ...trimmed.notes,
    ...notesOf(item, match, definition),
    ...(isOnlyShown ? [note('InformOnly', 'it has no name, so it is only shown, in a baseline of its own')] : []),
  ];
  const mode = isOnlyShown ? 'Inform' : shared.mode;
  return invalid(object) ?? { is: 'translated', object, mode, notes };
}

function refused(...[reason, text]: Parameters<typeof note>): Outcome {
  return { is: 'refused', reason: note(reason, text) };
}

/** Numbers that JSON, or JavaScript, cannot hold as they were written. */
function unwritable(definition: Json): Note | undefined {
  const found = findValue(
    definition,
    (value) => typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value)),
  );
  return (
    found &&
    note(
      'Number',
      `${found.path} is ${String(found.value)}, which cannot be kept exactly; write it as text if the field takes text`,
    )
  );
}

/** In a baseline, `*` and `?` in a name are a pattern, and some characters may not be. */
function unnameable(definition: Json): Note | undefined {
  for (const field of ['name', 'namespace']) {
    const value = at(definition, 'metadata', field) || undefined;
    if (value !== undefined && (typeof value !== 'string' || !/^[A-Za-z0-9_@][-A-Za-z0-9_.:@+]*$/.test(value))) {
      return note(
        'Name',
        `metadata.${field} is ${JSON.stringify(value)}; a baseline takes letters, digits and '-_.:@+' there`,
      );
    }
  }
  return undefined;
}

/** Without a name and a selector, one object that fits is enough; a baseline speaks of every object. */
function unnamed(definition: Json, match: Match): Note | undefined {
  const kind = String(definition['kind']);
  if (match !== 'MustNotHave') {
    return note(
      'AtLeastOne',
      `it asks for at least one ${kind} like this; a baseline asks it of every object: give it a name or an objectSelector`,
    );
  }
  const rest = without(definition, 'apiVersion', 'kind', 'metadata');
  const said = without(asObject(definition['metadata']) ?? {}, 'namespace');
  if (Object.keys(rest).length + Object.keys(said).length > 0) return undefined;
  return note(
    'ForbidsAll',
    `it forbids every ${kind}, which a baseline refuses; name it, or say which by fields or an objectSelector`,
  );
}

type Place =
  | { readonly reason: Note }
  | {
      readonly selector?: Draft['namespaceSelector'];
      readonly dropNamespace: boolean;
      readonly notes: readonly Note[];
    };

/** In which namespaces it is: its own, those of the selector, or none because its kind has none. */
function placeOf(definition: Json, selection: Selection): Place {
  const kind = String(definition['kind']);
  const scope = scopeOf(String(definition['apiVersion']), kind);
  const namespace = at(definition, 'metadata', 'namespace') || undefined;
  if (scope === 'Cluster') {
    const notes = namespace ? [note('Scope', `a ${kind} has no namespace: metadata.namespace is left out`)] : [];
    return { dropNamespace: true, notes };
  }
  if (namespace !== undefined) return { dropNamespace: false, notes: [] };
  if (selection.is === 'refused') return { reason: selection.reason };
  if (selection.is === 'some') {
    const text = `whether a ${kind} has a namespace is not known here; if not, remove namespaceSelector`;
    const notes = [...selection.notes, ...(scope === 'Unknown' ? [note('Scope', text)] : [])];
    return { dropNamespace: true, selector: selection.selector, notes };
  }
  if (scope === 'Unknown') return { dropNamespace: true, notes: [] };
  const text = `a ${kind} needs a namespace, and neither it nor namespaceSelector gives one: set one of them before you apply it`;
  return { dropNamespace: true, notes: [...selection.notes, note('NoNamespace', text)] };
}

/** Of metadata, only name, namespace, labels and annotations are compared, there as here; the rest is for creation or for the server. */
function trimmedTemplate(
  definition: Json,
  dropNamespace: boolean,
): { template: ObjectTemplate['template']; notes: Note[] } {
  const { name, namespace, labels, annotations, ...others } = saidMembers(asObject(definition['metadata']) ?? {});
  const metadata = {
    ...(name !== '' && { name }),
    ...(!dropNamespace && { namespace }),
    labels,
    annotations,
  };
  const left = Object.keys(others);
  const notes = left.length
    ? [note('Metadata', `metadata.${left.join(', metadata.')}: it is not compared there either; left out`)]
    : [];
  const kept = Object.fromEntries(
    Object.entries(metadata).filter(([, value]) => value !== undefined && value !== null),
  );
  const { apiVersion, kind } = definition;
  const fields = without(definition, 'apiVersion', 'kind', 'metadata');
  const template = { apiVersion, kind, ...(Object.keys(kept).length && { metadata: kept }), ...fields };
  return { template: template as ObjectTemplate['template'], notes };
}

/** Judged by the schema of the CRD, in a baseline of its own. */
function invalid(object: Draft): Outcome | undefined {
  if (JSON.stringify(object).length > longest) return refused('TooLarge', 'it is too large for a baseline; split it');
  const spec: ClusterBaseline['spec'] = {
    serviceAccountRef: { namespace: 'any', name: 'any' },
    objects: [{ name: 'any', ...object }],
  };
  const baseline = { apiVersion: 'holdfast.dev/v1alpha1', kind: 'ClusterBaseline', metadata: { name: 'any' }, spec };
  const [sentence] = validate('ClusterBaseline', baseline);
  return sentence === undefined ? undefined : refused('Malformed', sentence.replace('spec.objects[0].', ''));
}

/** `Namespace prod`, for people. */
export function labelOf(written: unknown): string {
  const definition = at(written, 'objectDefinition');
  const name = asText(at(definition, 'metadata', 'name'));
  const namespace = asText(at(definition, 'metadata', 'namespace'));
  const kind = asText(at(definition, 'kind')) ?? 'object';
  return [kind, [namespace, name].filter((part) => part && !isTemplate(part)).join('/')].filter(Boolean).join(' ');
}
