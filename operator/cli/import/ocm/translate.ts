/** Documents of Open Cluster Management as ClusterBaselines and a report. Pure. */
import type { ServiceAccountRef } from '../../../api/v1alpha1/clusterBaseline.ts';
import { baselinesOf, type Made, type Naming } from './baselines.ts';
import { translateConfigurationPolicy, type Piece, type Translation } from './configurationPolicy.ts';
import { controlsOf, keptAnnotations } from './controls.ts';
import { asList, asObject, asText, at, type Json } from './json.ts';
import { Names } from './names.ts';
import type { Mode } from './objectTemplate.ts';
import { otherKind, policyGroup, translatePolicy } from './policy.ts';
import { note, refusedRow, translatedRow, unneededRow, type Note, type Reason, type Row } from './report.ts';
import type { Cluster } from './templating.ts';

export interface Document {
  /** The file and the place in it. */
  readonly from: string;
  readonly object: unknown;
}

export interface Wishes {
  readonly serviceAccountRef: ServiceAccountRef;
  readonly mode?: Mode;
  readonly prefix: string;
  /** Reasons of notes that the user has read: they keep nothing from being enforced. */
  readonly accepted: ReadonlySet<Reason>;
  readonly cluster: Cluster;
}

export interface Imported {
  readonly made: readonly Made[];
  readonly rows: readonly Row[];
  /** Kinds of documents that are no policies. */
  readonly skipped: readonly string[];
}

export function translate(documents: readonly Document[], wishes: Wishes): Imported {
  const made: Made[] = [];
  const rows: Row[] = [];
  const skipped: string[] = [];
  const seen = new Map<string, string>();
  const naming: Naming = { names: new Names(), prefix: wishes.prefix, serviceAccountRef: wishes.serviceAccountRef };
  for (const { from, object } of documents.flatMap(unpacked)) {
    const document = asObject(object);
    const role = document ? roleOf(document) : 'skipped';
    if (!document || role === 'skipped') {
      skipped.push(asText(at(document, 'kind')) ?? 'without a kind');
    } else if (role !== 'policy') {
      rows.push(role);
    } else {
      const { translation, baselines } = translateOne({ from, document }, seen, naming, wishes);
      rows.push(...translation.rows);
      made.push(...baselines);
    }
  }
  return { made, rows, skipped };
}

/** The items of a List are documents. */
export function unpacked({ from, object }: Document): Document[] {
  const items = asList(at(object, 'items'));
  if (!items || !asText(at(object, 'kind'))?.endsWith('List')) return [{ from, object }];
  return items.map((item, index) => ({ from: `${from}, item ${index + 1}`, object: item }));
}

function translateOne(
  { from, document }: { readonly from: string; readonly document: Json },
  seen: Map<string, string>,
  naming: Naming,
  { mode, accepted, cluster }: Wishes,
): { translation: Translation; baselines: Made[] } {
  const kind = String(document['kind']);
  const name = asText(at(document, 'metadata', 'name')) || 'unnamed';
  const policy = labelOf(document);
  const { controls, notes } = controlsOf(document);
  const around = { policy, controls, accepted, cluster, ...(mode && { mode }) };
  const found = kind === 'Policy' ? translatePolicy(document, around) : translateConfigurationPolicy(document, around);
  const baselines = baselinesOf(
    {
      label: `${kind} ${policy}`,
      name,
      from,
      isDisabled: kind === 'Policy' && at(document, 'spec', 'disabled') === true,
      annotations: keptAnnotations(document),
    },
    found.pieces,
    naming,
  );
  const earlier = seen.get(`${kind} ${policy}`);
  seen.set(`${kind} ${policy}`, earlier ?? from);
  const double = earlier === undefined ? [] : [twiceNote(kind, earlier, baselines)];
  const all = baselines.length ? [...double, ...notes] : [];
  const rows = all.length ? [translatedRow(policy, kind, all), ...found.rows] : found.rows;
  return { translation: { ...found, rows }, baselines: commented(baselines, rows, found.pieces) };
}

/** Above the first baseline of a policy stands what is about no object of them, so that it stays with the file. */
function commented(baselines: readonly Made[], rows: readonly Row[], pieces: readonly Piece[]): Made[] {
  const told = new Set(pieces.map(({ item }) => item));
  const lines = rows
    .filter(({ item, result }) => result === 'Not translated' || !told.has(item))
    .flatMap(({ item, result, notes }) =>
      notes.map(({ text }) => `${item}: ${result === 'Not translated' ? 'not translated: ' : ''}${text}`),
    );
  return baselines.map((one, index) => {
    const [origin = '', ...own] = one.comments;
    return index === 0 ? { ...one, comments: [origin, ...lines, ...own] } : one;
  });
}

function twiceNote(kind: string, earlier: string, baselines: readonly Made[]): Note {
  const names = baselines.map(({ baseline }) => baseline.metadata.name).join(', ');
  return note('Duplicate', `${earlier} has a ${kind} of the same name; this one became ${names}: keep one of them`);
}

function labelOf(document: Json): string {
  const [namespace, name] = ['namespace', 'name'].map((field) => asText(at(document, 'metadata', field)));
  return [namespace, name || 'unnamed'].filter(Boolean).join('/');
}

const placing = ['Placement', 'PlacementBinding', 'PlacementDecision', 'PlacementRule', 'ManagedClusterSetBinding'];

/** A policy, the row of something that belongs to policies, or something else. */
function roleOf(document: Json): 'policy' | 'skipped' | Row {
  const group = (asText(document['apiVersion']) ?? '').split('/')[0] ?? '';
  const kind = asText(document['kind']) ?? '';
  if (!group.endsWith('open-cluster-management.io')) return 'skipped';
  const label = labelOf(document);
  if (placing.includes(kind)) return unneededRow(label, kind, placementNotes(document));
  if (group !== policyGroup) return 'skipped';
  switch (kind) {
    case 'Policy':
    case 'ConfigurationPolicy':
      return 'policy';
    case 'PolicySet':
      return unneededRow(label, kind, [
        note('Placement', 'it groups policies for clusters; apply the baselines where you want them'),
      ]);
    case 'PolicyGenerator':
      return refusedRow(
        label,
        kind,
        note('Generator', 'run it (kustomize build --enable-alpha-plugins) and import what it prints'),
      );
    case 'PolicyAutomation':
      return refusedRow(
        label,
        kind,
        note('OtherKind', `${kind}: a baseline corrects drift itself and does not run Ansible`),
      );
    default:
      return refusedRow(label, kind, otherKind(document) ?? note('OtherKind', `${kind} is not supported`));
  }
}

function placementNotes(document: Json): Note[] {
  const notes = [note('Placement', 'it selects clusters; apply the baseline to the clusters that it is for')];
  if (at(document, 'bindingOverrides', 'remediationAction') === undefined) return notes;
  return [
    ...notes,
    note(
      'RemediationAction',
      'bindingOverrides.remediationAction sets policies to enforce; use --mode Enforce for those',
    ),
  ];
}
