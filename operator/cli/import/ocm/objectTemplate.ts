/** One item of `object-templates` as an object of a ClusterBaseline, or why it cannot be one. Pure. */
import type { ClusterBaseline } from '../../../api/v1alpha1/clusterBaseline.ts';
import type { ObjectTemplate } from '../../../api/v1alpha1/objectTemplate.ts';
import type { Severity } from '../../../api/v1alpha1/shared.ts';
import { validate } from '../../../api/validate.ts';
import { jsonOf } from '../../../lib/json.ts';
import { asObject, asText, at, findValue, saidMembers, without, type Json } from './json.ts';
import { meantBy, type Match, type Template } from './meaning.ts';
import { notesOf } from './objectNotes.ts';
import { note, type Note } from './report.ts';
import { scopeOf } from './scope.ts';
import { unselectable, type Selection } from './selection.ts';
import { fillIn, isTemplate, type Cluster } from './templating.ts';

export type Mode = 'Inform' | 'Enforce';
type Draft = Omit<ObjectTemplate, 'name'>;

/** What all objects of a ConfigurationPolicy share. */
export interface Shared {
  readonly severity?: Severity;
  readonly controls: readonly string[];
  readonly selection: Selection;
  readonly areTemplatesDisabled: boolean;
  readonly cluster: Cluster;
}

export type Outcome =
  | {
      readonly is: 'translated';
      readonly object: Draft;
      readonly notes: readonly Note[];
      /** Neither there nor here, because it has no name. */
      readonly isNeverCorrected: boolean;
    }
  | { readonly is: 'refused'; readonly reason: Note };

/** What the words of `complianceType` mean; without a name, `musthave` and `mustonlyhave` are content with one object. */
const matches: Readonly<Record<string, Match>> = {
  musthave: 'MustContain',
  mustnothave: 'MustNotHave',
  mustonlyhave: 'MustOnlyHave',
};
const longest = 600_000;

export function translateObject(written: unknown, shared: Shared): Outcome {
  const filled = fillIn(written, '', { areDisabled: shared.areTemplatesDisabled, cluster: shared.cluster });
  if ('reason' in filled) return { is: 'refused', reason: filled.reason };
  const item = asObject(filled.value);
  const definition = asObject(item?.['objectDefinition']);
  if (!item || !definition) {
    return refused('Malformed', 'it needs complianceType and objectDefinition; add what is missing');
  }
  const objectSelector = asObject(item['objectSelector']);
  const reason =
    unidentified(definition) ??
    unwritable(definition) ??
    unnameable(definition) ??
    (objectSelector && unselectable(objectSelector, 'objectSelector'));
  if (reason) return { is: 'refused', reason };
  const type = asText(item['complianceType'])?.toLowerCase() ?? '';
  const said = Object.hasOwn(matches, type) ? matches[type] : undefined;
  if (!said) return refused('Malformed', `complianceType must be one of ${Object.keys(matches).join(', ')}`);
  const isNamed = Boolean(at(definition, 'metadata', 'name'));
  const isNeverCorrected = !isNamed && !objectSelector;
  if (isNeverCorrected && said === 'MustNotHave' && saysNothing(definition)) return forbidsAll(definition);
  const place = placeOf(definition, shared.selection);
  if ('reason' in place) return { is: 'refused', reason: place.reason };
  const trimmed = trimmedTemplate(definition, place.dropNamespace);
  const meant = meantBy(item, said, trimmed.template, isNamed);
  const object: Draft = {
    ...(shared.severity && { severity: shared.severity }),
    ...(shared.controls.length && { controls: [...shared.controls] }),
    match: isNeverCorrected && said !== 'MustNotHave' ? 'MustExist' : said,
    ...(place.selector && { namespaceSelector: place.selector }),
    ...(objectSelector && !isNamed && { objectSelector: saidMembers(objectSelector) }),
    template: meant.template,
  };
  const notes = [...filled.notes, ...place.notes, ...trimmed.notes, ...notesOf(item, said, definition), ...meant.notes];
  return invalid(object) ?? { is: 'translated', object, notes, isNeverCorrected };
}

function refused(...[reason, text]: Parameters<typeof note>): Outcome {
  return { is: 'refused', reason: note(reason, text) };
}

function unidentified(definition: Json): Note | undefined {
  const lacking = ['apiVersion', 'kind'].filter((field) => !asText(definition[field]));
  if (lacking.length === 0) return undefined;
  return note(
    'Malformed',
    `the objectDefinition has no ${lacking.join(' and no ')}; add ${lacking.length > 1 ? 'them' : 'it'}`,
  );
}

/** Numbers that JSON, or the apiserver, cannot hold as they were written. */
function unwritable(definition: Json): Note | undefined {
  const found = findValue(
    definition,
    (value) =>
      (typeof value === 'bigint' && BigInt.asIntN(64, value) !== value) ||
      (typeof value === 'number' && !Number.isFinite(value)),
  );
  return (
    found &&
    note(
      'Number',
      `${found.path} is ${String(found.value)}, which cannot be stored exactly; write it as a string if the field takes strings`,
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
        `metadata.${field} is ${JSON.stringify(value)}; a baseline allows only letters, digits and '-_.:@+' there`,
      );
    }
  }
  return undefined;
}

function saysNothing(definition: Json): boolean {
  const rest = without(definition, 'apiVersion', 'kind', 'metadata');
  const said = without(asObject(definition['metadata']) ?? {}, 'namespace');
  return Object.keys(rest).length + Object.keys(said).length === 0;
}

function forbidsAll({ kind }: Json): Outcome {
  return refused(
    'ForbidsAll',
    `it forbids every ${String(kind)}, which a baseline refuses; add a name, fields or an objectSelector`,
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
    const notes = namespace ? [note('Scope', `${kind} is cluster-scoped: metadata.namespace is left out`)] : [];
    return { dropNamespace: true, notes };
  }
  if (namespace !== undefined) return { dropNamespace: false, notes: [] };
  if (selection.is === 'refused') return { reason: selection.reason };
  if (selection.is === 'some') {
    const text = `it is unknown whether ${kind} is namespaced; if it is not, remove namespaceSelector`;
    const notes = [...selection.notes, ...(scope === 'Unknown' ? [note('Scope', text)] : [])];
    return { dropNamespace: true, selector: selection.selector, notes };
  }
  if (scope === 'Unknown') return { dropNamespace: true, notes: [] };
  const text = `${kind} is namespaced, but neither metadata.namespace nor namespaceSelector is set: set one of them before you apply it`;
  return { dropNamespace: true, notes: [...selection.notes, note('NoNamespace', text)] };
}

/** Whatever is declared of it. */
const serverWritten = new Set(
  'creationTimestamp deletionTimestamp generation managedFields resourceVersion selfLink uid'.split(' '),
);

/** Of metadata, only name, namespace, labels and annotations are compared, there as here; the rest is for creation or for the server. */
function trimmedTemplate(definition: Json, dropNamespace: boolean): { template: Template; notes: Note[] } {
  const { name, namespace, labels, annotations, ...others } = saidMembers(asObject(definition['metadata']) ?? {});
  const metadata = {
    ...(name !== '' && { name }),
    ...(!dropNamespace && { namespace }),
    labels,
    annotations,
  };
  const of = (keys: readonly string[]) => `metadata.${keys.join(', metadata.')}`;
  const [theirs, left] = [true, false].map((is) => Object.keys(others).filter((key) => serverWritten.has(key) === is));
  const notes = [
    ...(theirs!.length ? [note('Metadata', `${of(theirs!)}: set by the apiserver; left out`)] : []),
    ...(left!.length
      ? [note('Creation', `${of(left!)}: has an effect only when the object is created; left out`)]
      : []),
  ];
  const kept = Object.fromEntries(
    Object.entries(metadata).filter(([, value]) => value !== undefined && value !== null),
  );
  const { apiVersion, kind } = definition;
  const fields = without(definition, 'apiVersion', 'kind', 'metadata');
  const template = { apiVersion, kind, ...(Object.keys(kept).length && { metadata: kept }), ...fields };
  return { template: template as Template, notes };
}

/** Evaluated by the schema of the CRD, in a baseline of its own. */
function invalid(object: Draft): Outcome | undefined {
  if ((jsonOf(object)?.length ?? 0) > longest) return refused('TooLarge', 'it is too large for a baseline; split it');
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
