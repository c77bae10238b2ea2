/**
 * What of an item of `object-templates` means something else in a ClusterBaseline, or nothing. Pure. Its settings are translated in
 * `objectTemplate.ts`, or named here.
 */
import { asObject, asText, at, saidMembers, without, type Json } from './json.ts';
import type { Match } from './objectTemplate.ts';
import { note, type Note } from './report.ts';

/** What of an item was not translated as it is; its objects have their own notes. */
export function notesOf(item: Json, match: Match, definition: Json): Note[] {
  const settings = without(saidMembers(item), 'complianceType', 'objectDefinition');
  const notes = Object.entries(settings).flatMap(([key, value]) => settingNotes(key, value, match, definition));
  if (match === 'MustOnlyHave') notes.push(...onlyNotes(item, definition));
  if (match === 'MustHave') notes.push(...listNotes(definition));
  return notes;
}

function settingNotes(key: string, value: unknown, match: Match, definition: Json): Note[] {
  switch (key) {
    case 'objectSelector':
      if (!at(definition, 'metadata', 'name')) return [];
      return [note('ObjectSelector', 'objectSelector does not count beside a name; left out')];
    case 'recordDiff':
      return [
        note(
          'RecordDiff',
          `recordDiff ${String(value)}: differences are always in the findings, those of Secrets without their values`,
        ),
      ];
    case 'recreateOption':
      if (value === 'None') return [];
      return [
        note(
          'Recreate',
          `recreateOption ${String(value)}: objects are never deleted to be made anew; a change that the apiserver refuses is shown`,
        ),
      ];
    case 'metadataComplianceType':
      if (String(value).toLowerCase() !== 'mustonlyhave' || match === 'MustOnlyHave') return [];
      return [note('Comparison', 'metadataComplianceType mustonlyhave: further labels and annotations are left alone')];
    default:
      return [note('UnknownField', `${key} is unknown to ConfigurationPolicy; left out`)];
  }
}

function onlyNotes(item: Json, definition: Json): Note[] {
  const notes = [
    note(
      'Comparison',
      'MustOnlyHave: top-level fields that the template does not name are left alone; name them to keep them empty',
    ),
  ];
  const isLenient = asText(item['metadataComplianceType'])?.toLowerCase() === 'musthave';
  const hasMetadata =
    at(definition, 'metadata', 'labels') !== undefined || at(definition, 'metadata', 'annotations') !== undefined;
  if (hasMetadata && !isLenient)
    notes.push(note('Comparison', 'MustOnlyHave: further labels and annotations are left alone'));
  return notes;
}

/** `musthave` is content when each item is somewhere in the list; a baseline asks what an apply would make of the list. */
function listNotes(definition: Json): Note[] {
  const path = wholeList(without(definition, 'apiVersion', 'kind', 'metadata'), '', isBuiltIn(definition));
  if (path === undefined) return [];
  const text = `${path} must be the same list as a whole, unless its CRD merges it by keys; with musthave it could have more items`;
  return [note('Lists', isBuiltIn(definition) ? text.replace(', unless its CRD merges it by keys', '') : text)];
}

/** Lists of the kinds of Kubernetes of which an apply merges the items. */
const merged = new Set(
  'conditions containers env ephemeralContainers hostAliases imagePullSecrets initContainers ports secrets topologySpreadConstraints volumeDevices volumeMounts volumes webhooks'.split(
    ' ',
  ),
);

/** The first list with items that is taken as a whole. */
function wholeList(value: unknown, path: string, isKnown: boolean): string | undefined {
  const object = asObject(value);
  if (!object) return undefined;
  for (const [key, member] of Object.entries(object)) {
    const step = path ? `${path}.${key}` : key;
    if (!Array.isArray(member)) {
      const found = wholeList(member, step, isKnown);
      if (found) return found;
    } else if (member.length > 0) {
      if (!isKnown || !merged.has(key)) return step;
      const found = member.map((item, index) => wholeList(item, `${step}[${index}]`, isKnown)).find(Boolean);
      if (found) return found;
    }
  }
  return undefined;
}

/** A kind of Kubernetes itself, of which the lists are known. */
function isBuiltIn({ apiVersion }: Json): boolean {
  const [group = '', version] = (asText(apiVersion) ?? '').split('/');
  return version === undefined || !group.includes('.') || group.endsWith('.k8s.io');
}
