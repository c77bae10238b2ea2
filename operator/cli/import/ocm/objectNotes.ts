/**
 * What of an item of `object-templates` means something else in a ClusterBaseline, or nothing. Pure. Its settings are translated in
 * `objectTemplate.ts`, or named here.
 */
import { at, saidMembers, without, type Json } from './json.ts';
import type { Match } from './meaning.ts';
import { note, type Note } from './report.ts';

/** What of an item was not translated as it is; its objects have their own notes. */
export function notesOf(item: Json, match: Match, definition: Json): Note[] {
  const settings = without(saidMembers(item), 'complianceType', 'objectDefinition');
  return Object.entries(settings).flatMap(([key, value]) => settingNotes(key, value, match, definition));
}

function settingNotes(key: string, value: unknown, match: Match, definition: Json): Note[] {
  switch (key) {
    case 'objectSelector':
      if (!at(definition, 'metadata', 'name')) return [];
      return [note('ObjectSelector', 'objectSelector has no effect if the object has a name; left out')];
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
          `recreateOption ${String(value)}: objects are never deleted and recreated; a change that the apiserver refuses is reported`,
        ),
      ];
    case 'metadataComplianceType':
      if (String(value).toLowerCase() !== 'mustonlyhave' || match === 'MustOnlyHave') return [];
      return [note('Comparison', 'metadataComplianceType mustonlyhave: other labels and annotations are left alone')];
    default:
      return [note('UnknownField', `${key} is not a field of ConfigurationPolicy; left out`)];
  }
}
