/**
 * Kinds → what Argo CD must know of them: health and actions in Lua, as a part of `argocd-cm` and of the `ArgoCD` resource of OpenShift
 * GitOps. The scripts are the files in `argocd/`, the same for every kind. Above each stand the facts in which kinds differ, and these are
 * read off the type: a new kind has its health without a line here.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toYaml, yamlHeader } from './crd.ts';
import { api, type Column, type Kind } from './schema.ts';

/** Facts of a kind, as the scripts know them under these names. */
export interface Facts {
  /** The condition that says whether the work is done; absent for a report, which is there or not. */
  summary?: 'Ready' | 'Succeeded';
  /** What a person wants to know of an object: the message of a condition, or a field of the status. */
  condition?: string;
  field?: readonly string[];
  /** Whether it has `spec.suspend`. */
  suspends?: true;
  /** Whether a new annotation has it evaluated at once. */
  evaluates?: true;
  /** Whether it moves a revision through hosts: it has `spec.pause`, and annotations request what a person decides. */
  rolls?: true;
}

/** Undefined for a kind without a status: nothing is known of its health. */
export function factsOf({ columns, sentence, schema, evaluates }: Kind): Facts | undefined {
  const { spec, status } = schema.properties ?? {};
  if (!status) return undefined;
  const shown = columns.filter(({ jsonPath }) => jsonPath.startsWith('.status.'));
  const conditions = shown.flatMap((column) => conditionOf(column) ?? []);
  const summary = conditions.includes('Succeeded') ? 'Succeeded' : 'Ready';
  const own = conditions.find((type) => !['Ready', 'Succeeded', 'Suspended'].includes(type));
  const named = sentence === undefined ? undefined : { jsonPath: sentence };
  const field = named ?? (own ? undefined : shown.find((column) => !column.priority && !conditionOf(column)));
  const isReport = shown.length > 0 && conditions.length === 0;
  const condition = (named && conditionOf(named)) ?? own;
  return {
    ...(!isReport && { summary }),
    ...(field && !conditionOf(field)
      ? { field: field.jsonPath.split('.').slice(2) }
      : { condition: condition ?? summary }),
    ...(spec?.properties?.suspend && { suspends: true }),
    ...(evaluates && { evaluates: true }),
    ...(spec?.properties?.pause && { rolls: true }),
  };
}

function conditionOf({ jsonPath }: Pick<Column, 'jsonPath'>): string | undefined {
  return /^\.status\.conditions\[\?\(@\.type=="(\w+)"\)\]/.exec(jsonPath)?.[1];
}

/** What Argo CD runs for a kind. */
interface Scripts {
  readonly kind: string;
  readonly health: string;
  /** `discovery.lua` and its definitions, as Argo CD reads them; absent where there are no actions. */
  readonly actions?: string;
}

const rolloutActions = ['pause', 'resume', 'skip', 'promote', 'abort', 'retry'];

/** The files as path → text. */
export function argocdFiles(kinds: readonly Kind[]): [path: string, text: string][] {
  const all = kinds.flatMap((kind) => scriptsOf(kind) ?? []);
  return [
    ['manifests/argocd/argocd-cm.yaml', file(addsKeys, configMap(all))],
    ['manifests/argocd/openshift-gitops.yaml', file(addsItems, argocdResource(all))],
  ];
}

const addsKeys = [
  'Adds health and actions to Argo CD and leaves all other keys as they are:',
  'kubectl apply --server-side --field-manager holdfast -f manifests/argocd/argocd-cm.yaml',
];
const addsItems = [
  'The same for the operator of Argo CD, such as OpenShift GitOps, which overwrites argocd-cm: copy these items into your ArgoCD resource.',
];

function file(comments: readonly string[], object: object): string {
  const lines = comments.map((line) => `# ${line}\n`).join('');
  return `${yamlHeader(`operator/api/${api.version} and operator/tools/argocd`)}${lines}${toYaml(object)}`;
}

function configMap(all: readonly Scripts[]): object {
  const key = (what: string, kind: string) => `resource.customizations.${what}.${api.group}_${kind}`;
  const data = all.flatMap(({ kind, health, actions }) => [
    [key('health', kind), health],
    ...(actions === undefined ? [] : [[key('actions', kind), actions]]),
  ]);
  const labels = { 'app.kubernetes.io/name': 'argocd-cm', 'app.kubernetes.io/part-of': 'argocd' };
  const metadata = { name: 'argocd-cm', namespace: 'argocd', labels };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: Object.fromEntries(data) as object };
}

function argocdResource(all: readonly Scripts[]): object {
  const { group } = api;
  return {
    apiVersion: 'argoproj.io/v1beta1',
    kind: 'ArgoCD',
    metadata: { name: 'openshift-gitops', namespace: 'openshift-gitops' },
    spec: {
      resourceHealthChecks: all.map(({ kind, health }) => ({ group, kind, check: health })),
      resourceActions: all.flatMap(({ kind, actions }) =>
        actions === undefined ? [] : { group, kind, action: actions },
      ),
    },
  };
}

function scriptsOf(kind: Kind): Scripts | undefined {
  const facts = factsOf(kind);
  if (!facts) return undefined;
  const above = `local facts = ${luaTable(facts)}`;
  const names = [...(facts.suspends ? ['suspend', 'resume'] : []), ...(facts.evaluates ? ['evaluate'] : [])];
  const ofRollouts = facts.rolls ? rolloutActions : [];
  const definitions = [
    ...names.map((name) => ({ name, 'action.lua': script(['exact', 'refuse', name]) })),
    ...ofRollouts.map((name) => ({
      name,
      'action.lua': script(['exact', 'refuse', 'rollout/requests', 'rollout/act'], `local action = "${name}"`),
    })),
  ];
  return {
    kind: kind.kind,
    health: script(['health'], above),
    ...(definitions.length > 0 && {
      actions: toYaml({
        'discovery.lua': script(
          facts.rolls ? ['exact', 'rollout/requests', 'rollout/discovery'] : ['exact', 'discovery'],
          above,
        ),
        definitions,
      }),
    }),
  };
}

/** These files one after the other, without their comments: they would be there once for every kind. */
function script(names: readonly string[], above = ''): string {
  const texts = names.map((name) => readFileSync(join(import.meta.dirname, `argocd/${name}.lua`), 'utf8'));
  return `${above && `${above}\n`}${texts
    .join('')
    .replaceAll(/^\s*--.*\n/gm, '')
    .replaceAll(/\n{2,}/g, '\n')
    .trimStart()}`;
}

function luaTable(facts: Facts): string {
  const members = Object.entries(facts).map(([name, value]: [string, unknown]) => `${name} = ${luaValue(value)}`);
  return `{ ${members.join(', ')} }`;
}

function luaValue(value: unknown): string {
  // Names of conditions and fields have nothing that Lua writes otherwise than JSON.
  return Array.isArray(value) ? `{ ${value.map(luaValue).join(', ')} }` : JSON.stringify(value);
}
