/** The namespaces of a ConfigurationPolicy. Pure. */
import type { NamespaceSelector } from '../../../api/v1alpha1/objectTemplate.ts';
import { asList, asObject, asText, saidMembers } from './json.ts';
import { note, type Note } from './report.ts';
import { fillIn, type Cluster } from './templating.ts';

const known = ['include', 'exclude', 'matchLabels', 'matchExpressions', 'terminatingInclusion'];

export type Selection =
  | { readonly is: 'none'; readonly notes: readonly Note[] }
  | { readonly is: 'some'; readonly selector: NamespaceSelector; readonly notes: readonly Note[] }
  /** Objects that need it cannot be translated; others can. */
  | { readonly is: 'refused'; readonly reason: Note };

/** `namespaceSelector`: none selects no namespace at all, as Open Cluster Management has it. */
export function selectionOf(value: unknown, cluster: Cluster): Selection {
  if (value === undefined || value === null) return { is: 'none', notes: [] };
  const filled = fillIn(value, 'namespaceSelector', { areDisabled: false, cluster });
  if ('reason' in filled) return { is: 'refused', reason: filled.reason };
  const written = asObject(filled.value);
  if (!written) return { is: 'refused', reason: note('Malformed', 'namespaceSelector is not a mapping; fix it') };
  const reason =
    unmatchable(written['include']) ?? unmatchable(written['exclude']) ?? unselectable(written, 'namespaceSelector');
  if (reason) return { is: 'refused', reason };
  const { include, exclude, matchLabels, matchExpressions, ...others } = saidMembers(written);
  const notes = [...filled.notes, ...notesOf(others)];
  const hasNames = isFilled(include);
  if (!hasNames && matchLabels === undefined && matchExpressions === undefined) {
    if (isFilled(exclude))
      notes.push(note('NoNamespace', 'namespaceSelector only excludes, so it selects no namespace'));
    return { is: 'none', notes };
  }
  const selector = {
    ...(hasNames && { include }),
    ...(isFilled(exclude) && { exclude }),
    ...(matchLabels !== undefined && { matchLabels }),
    ...(matchExpressions !== undefined && { matchExpressions }),
  };
  // What is of a wrong shape is found when the baseline is validated.
  return { is: 'some', selector: selector as NamespaceSelector, notes };
}

function notesOf({ terminatingInclusion, ...others }: Readonly<Record<string, unknown>>): Note[] {
  const notes = Object.keys(others).map((key) =>
    note('UnknownField', `namespaceSelector.${key} is not a field; use one of ${known.join(', ')}`),
  );
  if (terminatingInclusion === 'IfMatch') {
    notes.push(
      note('Selector', 'namespaceSelector.terminatingInclusion: namespaces that are being deleted are left out'),
    );
  }
  return notes;
}

/** Conditions on labels that Kubernetes refuses: there they are an error as long as they stand, and so they are to a baseline. */
export function unselectable(selector: Readonly<Record<string, unknown>>, path: string): Note | undefined {
  for (const [index, condition] of (asList(selector['matchExpressions']) ?? []).entries()) {
    const { operator, values } = asObject(condition) ?? {};
    const at = `${path}.matchExpressions[${index}]`;
    const takesValues = operator === 'In' || operator === 'NotIn';
    const hasValues = isFilled(values ?? []);
    if (takesValues === hasValues) continue;
    const text = takesValues
      ? `${at} is ${operator} without values, which is an error in OCM, too, and selects nothing; add values, or remove it`
      : `${at} has values with ${String(operator)}, which is an error in OCM, too; remove them`;
    return note('Malformed', text);
  }
  return undefined;
}

/** Patterns of Go know character classes and escapes; those of a baseline do not. */
function unmatchable(patterns: unknown): Note | undefined {
  const pattern = asList(patterns)
    ?.map(asText)
    .find((one) => one && /[[\]\\]/.test(one));
  if (pattern === undefined) return undefined;
  return note('Selector', `namespaceSelector has the pattern '${pattern}'; use only * and ?, or list the names`);
}

function isFilled(list: unknown): boolean {
  return list !== undefined && !(Array.isArray(list) && list.length === 0);
}
