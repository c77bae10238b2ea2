/** What `manifests/argocd/` gives to Argo CD, as it reads it, and what it makes of the results. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { load } from 'js-yaml';
import type { Resource } from '../../operator/api/v1alpha1/shared.ts';
import { runLua } from './lua.ts';

export const folder = resolve(import.meta.dirname, '../../manifests/argocd');

export interface Customization {
  readonly health: string;
  readonly discovery?: string;
  /** Scripts by the names of actions. */
  readonly actions: Readonly<Record<string, string>>;
}

export interface Health {
  readonly status: string;
  readonly message: string;
}

interface Actions {
  readonly 'discovery.lua': string;
  readonly definitions: readonly { readonly name: string; readonly 'action.lua': string }[];
}

function actionsIn(data: Readonly<Record<string, string>>, kind: string): Pick<Customization, 'discovery' | 'actions'> {
  const text = data[`resource.customizations.actions.holdfast.dev_${kind}`];
  if (text === undefined) return { actions: {} };
  const { 'discovery.lua': discovery, definitions } = load(text) as Actions;
  const actions = definitions.map(({ name, 'action.lua': script }) => [name, script]);
  return { discovery, actions: Object.fromEntries(actions) as Record<string, string> };
}

/** By kind. */
export const customizations: ReadonlyMap<string, Customization> = readCustomizations();

function readCustomizations(): Map<string, Customization> {
  const { data } = load(readFileSync(join(folder, 'argocd-cm.yaml'), 'utf8')) as { data: Record<string, string> };
  const prefix = 'resource.customizations.health.holdfast.dev_';
  const kinds = Object.keys(data).flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : []));
  return new Map(kinds.map((kind) => [kind, { health: data[`${prefix}${kind}`] ?? '', ...actionsIn(data, kind) }]));
}

export function customizationOf(kind: string): Customization {
  const found = customizations.get(kind);
  if (!found) throw new Error(`manifests/argocd/argocd-cm.yaml has nothing for ${kind}`);
  return found;
}

type Shown = Pick<Resource, 'kind'> & object;

/** The health of each object. Throws when a script does, or returns what Argo CD would not take. */
export async function healthOf(objects: readonly Shown[]): Promise<Health[]> {
  const outcomes = await runLua(objects.map((object) => ({ script: customizationOf(object.kind).health, object })));
  return outcomes.map((outcome, at) => {
    if (outcome.is === 'threw') throw new Error(`${outcome.error} for ${JSON.stringify(objects[at])}`);
    const { status, message } = outcome.value as Health;
    if (!['Healthy', 'Progressing', 'Degraded', 'Suspended'].includes(status) || typeof message !== 'string')
      throw new Error(`Argo CD knows no such health: ${JSON.stringify(outcome.value)}`);
    return { status, message };
  });
}

/** The actions that are offered, each with whether it can be chosen. */
export async function actionsOf(object: Shown): Promise<Record<string, boolean>> {
  const { discovery } = customizationOf(object.kind);
  if (discovery === undefined) return {};
  const [outcome] = await runLua([{ script: discovery, object }]);
  if (outcome?.is !== 'returned') throw new Error(outcome?.error);
  const found = outcome.value as Record<string, { disabled?: boolean }>;
  return Object.fromEntries(Object.entries(found).map(([name, { disabled }]) => [name, disabled !== true]));
}

/** The merge patch that Argo CD sends for an action. Throws what the script throws. */
export async function patchOf(action: string, object: Shown): Promise<Json> {
  const script = customizationOf(object.kind).actions[action];
  if (script === undefined) throw new Error(`${object.kind} has no action ${action}`);
  const [outcome] = await runLua([{ script, object }]);
  if (outcome?.is !== 'returned') throw new Error(outcome?.error);
  return mergePatchOf({ ...object }, cleaned(outcome.value, object) as Json);
}

export type Json = { [key: string]: unknown };

export function isMap(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Where an empty map came back as an empty list, the map. */
function cleaned(value: unknown, before: unknown): unknown {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    if (isMap(before)) return items.length === 0 ? before : items;
    return Array.isArray(before) ? items.map((item, at) => cleaned(item, before[at])) : items;
  }
  if (!isMap(value) || !isMap(before)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cleaned(item, before[key])]));
}

/** RFC 7386: lists are values. */
export function mergePatchOf(before: Json, after: Json): Json {
  const gone = Object.keys(before).filter((key) => !(key in after));
  const changed = Object.entries(after).flatMap(([key, value]): [string, unknown][] => {
    const old = before[key];
    if (isMap(old) && isMap(value)) {
      const inner = mergePatchOf(old, value);
      return Object.keys(inner).length > 0 ? [[key, inner]] : [];
    }
    return same(old, value) ? [] : [[key, value]];
  });
  return Object.fromEntries([...changed, ...gone.map((key): [string, unknown] => [key, null])]);
}

function same(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, at) => same(item, other[at]));
  if (isMap(one) && isMap(other)) return Object.keys(mergePatchOf(one, other)).length === 0;
  return one === other;
}
