/** A ConfigurationPolicy as pieces of baselines. Pure. Every field of its spec is translated, or named in a note. */
import type { ClusterBaseline } from '../../../api/v1alpha1/clusterBaseline.ts';
import type { Severity } from '../../../api/v1alpha1/shared.ts';
import { Failure } from '../../command.ts';
import { readYaml } from '../../yaml.ts';
import { asList, asObject, asText, at, saidMembers, type Json } from './json.ts';
import { labelOf, translateObject, type Mode, type Shared } from './objectTemplate.ts';
import { note, refusedRow, translatedRow, type Note, type Row } from './report.ts';
import { selectionOf, type Selection } from './selection.ts';
import { hasTemplatesDisabled, isTemplate, templateIn } from './templating.ts';

export type Prune = NonNullable<ClusterBaseline['spec']['prune']>;

/** An object for a baseline of that mode and that way to prune. */
export interface Piece {
  readonly item: string;
  readonly wantedName: string;
  readonly mode: Mode;
  readonly prune: Prune;
  readonly object: Omit<NonNullable<ClusterBaseline['spec']['objects']>[number], 'name'>;
  readonly notes: readonly Note[];
}

export interface Translation {
  readonly rows: readonly Row[];
  readonly pieces: readonly Piece[];
}

/** What it inherits. */
export interface Around {
  /** The Policy, for the report. */
  readonly policy: string;
  /** `remediationAction` of the Policy, which wins. */
  readonly action?: unknown;
  /** The mode that the user wants, whatever is written. */
  readonly mode?: Mode;
  readonly controls: readonly string[];
}

const severities: readonly Severity[] = ['Low', 'Medium', 'High', 'Critical'];

export function translateConfigurationPolicy(definition: Json, around: Around): Translation {
  const name = asText(at(definition, 'metadata', 'name')) || 'unnamed';
  const spec = asObject(definition['spec']);
  if (!spec) return refusedWhole(around, name, note('Malformed', 'it has no spec; correct it'));
  const areTemplatesDisabled = hasTemplatesDisabled(definition);
  const objects = objectsOf(spec, areTemplatesDisabled);
  if (!Array.isArray(objects)) return refusedWhole(around, name, objects as Note);
  const mode = modeOf(spec, around);
  const severity = severities.find((one) => one.toLowerCase() === asText(spec['severity'])?.toLowerCase());
  const selection = selectionOf(spec['namespaceSelector']);
  const shared: Shared = { mode: mode.mode, severity, controls: around.controls, selection, areTemplatesDisabled };
  const prune = pruneOf(spec);
  const rows: Row[] = [];
  const pieces: Piece[] = [];
  objects.forEach((written, index) => {
    const item = `${name}[${index}] ${labelOf(written)}`;
    const outcome = translateObject(written, shared);
    if (outcome.is === 'refused') {
      rows.push(refusedRow(around.policy, item, outcome.reason));
      return;
    }
    const wantedName = objects.length === 1 ? name : `${name}-${labelOf(written)}`;
    const { object, notes } = outcome;
    pieces.push({
      item,
      wantedName,
      mode: outcome.mode,
      // What is only shown for want of a name is never written.
      prune: outcome.mode === shared.mode ? prune.prune : 'Keep',
      object,
      notes,
    });
    rows.push(translatedRow(around.policy, item, notes));
  });
  const notes = [
    ...mode.notes,
    ...prune.notes,
    ...settingNotes(spec),
    ...unusedSelection(selection, pieces),
    ...nameNotes(name),
  ];
  return { rows: notes.length ? [translatedRow(around.policy, `${name} (settings)`, notes), ...rows] : rows, pieces };
}

function refusedWhole({ policy }: Around, name: string, reason: Note): Translation {
  return { rows: [refusedRow(policy, name, reason)], pieces: [] };
}

/** The objects as written, or why there are none. */
function objectsOf(spec: Json, areTemplatesDisabled: boolean): readonly unknown[] | Note {
  const { 'object-templates': listed, 'object-templates-raw': raw } = saidMembers(spec);
  if (listed !== undefined && raw !== undefined) {
    return note('Malformed', 'only one of object-templates and object-templates-raw may be set; remove one');
  }
  if (raw !== undefined) return objectsOfRaw(raw, areTemplatesDisabled);
  const objects = asList(listed);
  if (objects?.length) return objects;
  return note('NoObjects', 'it has no object-templates; add some, or remove it');
}

/** Without a template in it, it is a list in YAML. */
function objectsOfRaw(raw: unknown, areTemplatesDisabled: boolean): readonly unknown[] | Note {
  const text = asText(raw);
  if (text === undefined) return note('Malformed', 'object-templates-raw is not text; correct it');
  const template = templateIn(text, 'object-templates-raw', areTemplatesDisabled);
  if (template) {
    return note('ObjectTemplatesRaw', `${template.text}, or write the objects as object-templates`);
  }
  try {
    const [list] = readYaml(text, 'object-templates-raw');
    return asList(list) ?? note('Malformed', 'object-templates-raw is not a list; correct it');
  } catch (error) {
    if (error instanceof Failure) return note('Malformed', error.message);
    throw error;
  }
}

/** Of the user, of the Policy, of the ConfigurationPolicy, in this order; what is not understood is only shown. */
function modeOf(spec: Json, { action, mode }: Around): { mode: Mode; notes: Note[] } {
  if (mode) return { mode, notes: [] };
  const said =
    [action, spec['remediationAction']].find((one) => one !== undefined && one !== null && one !== '') ?? 'inform';
  switch (typeof said === 'string' ? said.toLowerCase() : '') {
    case 'enforce':
      return { mode: 'Enforce', notes: [] };
    case 'inform':
    case 'informonly':
      return { mode: 'Inform', notes: [] };
    default: {
      const text = `remediationAction ${JSON.stringify(said)} is neither inform nor enforce; it is taken as Inform`;
      return { mode: 'Inform', notes: [note('RemediationAction', text)] };
    }
  }
}

function pruneOf(spec: Json): { prune: Prune; notes: Note[] } {
  const said = spec['pruneObjectBehavior'] ?? 'None';
  if (said === 'None') return { prune: 'Keep', notes: [] };
  if (said !== 'DeleteIfCreated' && said !== 'DeleteAll') {
    const text = `pruneObjectBehavior ${JSON.stringify(said)} is none of None, DeleteIfCreated, DeleteAll; taken as None`;
    return { prune: 'Keep', notes: [note('Prune', text)] };
  }
  const when = `pruneObjectBehavior ${said}: objects go when the baseline is deleted, not when they leave it`;
  if (said === 'DeleteIfCreated') return { prune: 'Created', notes: [note('Prune', when)] };
  return { prune: 'All', notes: [note('Prune', `${when}, and only those that the baseline wrote to`)] };
}

const translated = [
  'remediationAction',
  'pruneObjectBehavior',
  'namespaceSelector',
  'object-templates',
  'object-templates-raw',
];

function settingNotes(spec: Json): Note[] {
  return Object.entries(saidMembers(spec)).flatMap(([key, value]) => {
    if (translated.includes(key)) return [];
    switch (key) {
      case 'severity':
        if (severities.some((one) => one.toLowerCase() === String(value).toLowerCase())) return [];
        return [
          note('Severity', `severity ${JSON.stringify(value)} is none of ${severities.join(', ')}; it becomes Medium`),
        ];
      case 'customMessage':
        return [note('CustomMessage', 'customMessage: findings have the words of Holdfast; left out')];
      case 'evaluationInterval':
        return [note('EvaluationInterval', intervalInWords(value))];
      default:
        return [note('UnknownField', `${key} is unknown to ConfigurationPolicy; left out`)];
    }
  });
}

function intervalInWords(interval: unknown): string {
  const stops = ['compliant', 'noncompliant'].some((state) => at(interval, state) === 'never');
  if (stops) return 'evaluationInterval never: a baseline never stops looking; suspend it when it has done its work';
  return 'evaluationInterval: a baseline looks whenever an object changes; left out';
}

function unusedSelection(selection: Selection, pieces: readonly Piece[]): Note[] {
  if (selection.is !== 'some' || pieces.length === 0 || pieces.some(({ object }) => object.namespaceSelector))
    return [];
  return [note('Selector', 'namespaceSelector: no object needs it, as each names its namespace or has none; left out')];
}

function nameNotes(name: string): Note[] {
  if (!isTemplate(name)) return [];
  return [note('Name', 'metadata.name is a template; the checks are named by what is around it')];
}
