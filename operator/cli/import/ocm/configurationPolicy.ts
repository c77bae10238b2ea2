/** A ConfigurationPolicy as pieces of baselines. Pure. Every field of its spec is translated, or named in a note. */
import type { ClusterBaseline } from '../../../api/v1alpha1/clusterBaseline.ts';
import type { Severity } from '../../../api/v1alpha1/shared.ts';
import { Failure } from '../../command.ts';
import { readYaml } from '../../yaml.ts';
import { heldMode } from './held.ts';
import { asList, asObject, asText, at, saidMembers, type Json } from './json.ts';
import { labelOf, translateObject, type Mode, type Shared } from './objectTemplate.ts';
import { note, refusedRow, translatedRow, type Note, type Reason, type Row } from './report.ts';
import { selectionOf } from './selection.ts';
import { fillIn, hasTemplatesDisabled, isTemplate, type Cluster } from './templating.ts';

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
  /** What is around it in the Policy means something else, as these say. */
  readonly notes?: readonly Note[];
  /** Notes of these reasons keep nothing from being enforced. */
  readonly accepted: ReadonlySet<Reason>;
  readonly cluster: Cluster;
}

const severities: readonly Severity[] = ['Low', 'Medium', 'High', 'Critical'];

export function translateConfigurationPolicy(definition: Json, around: Around): Translation {
  const name = asText(at(definition, 'metadata', 'name')) || 'unnamed';
  const spec = asObject(definition['spec']);
  if (!spec) return refusedWhole(around, name, note('Malformed', 'it has no spec; add one'));
  const areTemplatesDisabled = hasTemplatesDisabled(definition);
  const { cluster, controls } = around;
  const objects = objectsOf(spec, areTemplatesDisabled, cluster);
  if ('reason' in objects) return refusedWhole(around, name, objects.reason);
  const { mode: asked, notes: modeNotes } = modeOf(spec, around);
  const { prune, notes: pruneNotes } = pruneOf(spec);
  const settings = [...pruneNotes, ...settingNotes(spec), ...objects.notes];
  const severity = severities.find((one) => one.toLowerCase() === asText(spec['severity'])?.toLowerCase());
  const selection = selectionOf(spec['namespaceSelector'], cluster);
  const shared: Shared = { severity, controls, selection, areTemplatesDisabled, cluster };
  const rows: Row[] = [];
  const pieces: Piece[] = [];
  objects.list.forEach((written, index) => {
    const item = `${name}[${index}] ${labelOf(written)}`;
    const outcome = translateObject(written, shared);
    if (outcome.is === 'refused') {
      rows.push(refusedRow(around.policy, item, outcome.reason));
      return;
    }
    const { object, isNeverCorrected } = outcome;
    const held = heldMode(asked, [...(around.notes ?? []), ...settings, ...outcome.notes], around.accepted);
    const isOnlyShown = isNeverCorrected && asked === 'Enforce';
    const never = note(
      'InformOnly',
      'the object has no name, so OCM and Holdfast only report it; it is in a baseline of its own',
    );
    const notes = [...outcome.notes, ...(isOnlyShown ? [never] : held.notes)];
    const mode = isOnlyShown ? 'Inform' : held.mode;
    pieces.push({
      item,
      wantedName: objects.list.length === 1 ? name : `${name}-${labelOf(written)}`,
      mode,
      // What is never corrected was never created.
      prune: isOnlyShown ? 'Keep' : prune,
      object,
      notes,
    });
    rows.push(translatedRow(around.policy, item, notes));
  });
  const notes = [...modeNotes, ...settings, ...nameNotes(name)];
  return { rows: notes.length ? [translatedRow(around.policy, `${name} (settings)`, notes), ...rows] : rows, pieces };
}

function refusedWhole({ policy }: Around, name: string, reason: Note): Translation {
  return { rows: [refusedRow(policy, name, reason)], pieces: [] };
}

type Objects = { readonly list: readonly unknown[]; readonly notes: readonly Note[] } | { readonly reason: Note };

/** The objects as written, or why there are none. */
function objectsOf(spec: Json, areTemplatesDisabled: boolean, cluster: Cluster): Objects {
  const { 'object-templates': listed, 'object-templates-raw': raw } = saidMembers(spec);
  const none = (...[reason, text]: Parameters<typeof note>) => ({ reason: note(reason, text) });
  if (listed !== undefined && raw !== undefined)
    return none('Malformed', 'only one of object-templates and object-templates-raw may be set; remove one');
  if (raw !== undefined) return objectsOfRaw(raw, areTemplatesDisabled, cluster);
  const list = asList(listed);
  return list?.length ? { list, notes: [] } : none('NoObjects', 'it has no object-templates; add some, or remove it');
}

/** With its templates filled in, it is a list in YAML. */
function objectsOfRaw(raw: unknown, areTemplatesDisabled: boolean, cluster: Cluster): Objects {
  const malformed = (text: string) => ({ reason: note('Malformed', text) });
  if (asText(raw) === undefined) return malformed('object-templates-raw is not a string; fix it');
  const filled = fillIn(raw, 'object-templates-raw', { areDisabled: areTemplatesDisabled, cluster, into: 'YAML' });
  if ('reason' in filled)
    return { reason: note('ObjectTemplatesRaw', `${filled.reason.text}, or write the objects as object-templates`) };
  try {
    const [found] = readYaml(String(filled.value), 'object-templates-raw');
    const list = asList(found);
    return list ? { list, notes: filled.notes } : malformed('object-templates-raw is not a list; fix it');
  } catch (error) {
    if (error instanceof Failure) return malformed(error.message);
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
      const text = `remediationAction ${JSON.stringify(said)} is neither inform nor enforce; treated as Inform`;
      return { mode: 'Inform', notes: [note('RemediationAction', text)] };
    }
  }
}

function pruneOf(spec: Json): { prune: Prune; notes: Note[] } {
  const said = spec['pruneObjectBehavior'] ?? 'None';
  if (said === 'None') return { prune: 'Keep', notes: [] };
  if (said !== 'DeleteIfCreated' && said !== 'DeleteAll') {
    const text = `pruneObjectBehavior ${JSON.stringify(said)} is not one of None, DeleteIfCreated, DeleteAll; treated as None`;
    return { prune: 'Keep', notes: [note('Prune', text)] };
  }
  const when = `pruneObjectBehavior ${said}: objects are deleted with the baseline, but not when they are removed from it`;
  if (said === 'DeleteIfCreated') return { prune: 'Created', notes: [note('Prune', when)] };
  return { prune: 'All', notes: [note('Prune', `${when}, and only if the baseline wrote to them`)] };
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
          note(
            'Severity',
            `severity ${JSON.stringify(value)} is not one of ${severities.join(', ')}; treated as Medium`,
          ),
        ];
      case 'customMessage':
        return [note('CustomMessage', 'customMessage: findings have messages of Holdfast; left out')];
      case 'evaluationInterval':
        return [intervalNote(value)];
      default:
        return [note('UnknownField', `${key} is not a field of ConfigurationPolicy; left out`)];
    }
  });
}

function intervalNote(interval: unknown): Note {
  const stops = ['compliant', 'noncompliant'].some((state) => at(interval, state) === 'never');
  if (!stops)
    return note(
      'EvaluationInterval',
      'evaluationInterval: a baseline evaluates objects whenever they change; left out',
    );
  return note(
    'Once',
    'evaluationInterval never: a baseline never stops evaluating and correcting; suspend it when it has done its work',
  );
}

function nameNotes(name: string): Note[] {
  if (!isTemplate(name)) return [];
  return [note('Name', 'metadata.name is a template; the checks are named after the text around it')];
}
