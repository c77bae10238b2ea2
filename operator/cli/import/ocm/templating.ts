/**
 * Templates in Go, which only the controllers of Open Cluster Management can evaluate, on the hub or on the cluster. Simple ones are filled
 * in from what the user gives: the name of the cluster, and objects as they are there. All others are told, with the function that makes
 * them more. Pure.
 */
import { shortened } from '../../../lib/text.ts';
import { asList, asObject, asText, at, type Json } from './json.ts';
import { note, type Note } from './report.ts';

const disabling = 'policy.open-cluster-management.io/disable-templates';

/** What is known of the cluster that the baselines are for. */
export interface Cluster {
  readonly name?: string;
  /** Objects as they are there. */
  readonly objects: readonly unknown[];
  /** Objects as they are on the hub. */
  readonly hub?: readonly unknown[];
}

export type Filled = { readonly value: unknown; readonly notes: readonly Note[] } | { readonly reason: Note };

/** Whether a ConfigurationPolicy says that braces in it are text. The hub evaluates its own templates all the same. */
export function hasTemplatesDisabled(configurationPolicy: unknown): boolean {
  return ['1', 't', 'true'].includes(
    String(at(configurationPolicy, 'metadata', 'annotations', disabling)).toLowerCase(),
  );
}

export function isTemplate(value: unknown): boolean {
  return typeof value === 'string' && value.includes('{{');
}

/** What templates are filled with, and into what: values by default. */
export interface Filling {
  readonly areDisabled: boolean;
  readonly cluster: Cluster;
  readonly into?: 'values' | 'YAML';
}

/**
 * The value with its templates filled in, or the first one that cannot be, as the reason why it is not translated. What is filled into
 * YAML must be a plain word, so that it cannot bring in more than a value.
 */
export function fillIn(value: unknown, path: string, filling: Filling): Filled {
  const notes: Note[] = [];
  let reason: Note | undefined;
  const visit = (one: unknown, step: string): unknown => {
    if (reason) return one;
    if (typeof one === 'string') {
      if (!one.includes('{{')) return one;
      const filled = fillText(one, step, filling);
      if ('reason' in filled) reason = filled.reason;
      else notes.push(...filled.notes);
      return 'value' in filled ? filled.value : one;
    }
    if (Array.isArray(one)) return one.map((item, index) => visit(item, `${step}[${index}]`));
    const object = asObject(one);
    if (!object) return one;
    const filled = Object.entries(object).map(([key, member]) => [
      visit(key, step ? `${step}.${key}` : key),
      visit(member, step ? `${step}.${key}` : key),
    ]);
    return Object.fromEntries(filled) as Json;
  };
  const filled = visit(value, path);
  return reason ? { reason } : { value: filled, notes };
}

interface Segment {
  readonly start: number;
  readonly end: number;
  readonly inner: string;
  readonly isOfHub: boolean;
  readonly trimsBefore: boolean;
  readonly trimsAfter: boolean;
}

/** `{{ … }}` and `{{hub … hub}}`; a hyphen on either side takes away the white space there. */
function segmentsOf(text: string): Segment[] {
  const segments: Segment[] = [];
  let end = 0;
  for (let start = text.indexOf('{{'); start >= 0; start = text.indexOf('{{', end)) {
    const close = text.indexOf('}}', start + 2);
    if (close < 0) break;
    end = close + 2;
    const [whole, trimsBefore, trimsAfter] = withoutHyphens(text.slice(start + 2, close));
    const isOfHub = /^hub\b/.test(whole);
    const [inner, before, after] = isOfHub ? withoutHyphens(whole.slice(3).replace(/hub$/, '')) : [whole, false, false];
    segments.push({ start, end, inner, isOfHub, trimsBefore: trimsBefore || before, trimsAfter: trimsAfter || after });
  }
  return segments;
}

function withoutHyphens(text: string): [text: string, before: boolean, after: boolean] {
  const [before, after] = [text.startsWith('-'), text.endsWith('-') && text.length > 1];
  return [text.slice(before ? 1 : 0, after ? -1 : undefined).trim(), before, after];
}

/** A text that is one template as a whole may become a number or a truth value; between others it is text. */
function fillText(text: string, path: string, { areDisabled, cluster, into }: Filling): Filled {
  const notes: Note[] = [];
  const parts: unknown[] = [];
  let end = 0;
  let trims = false;
  const literal = (piece: string) => (trims ? piece.trimStart() : piece);
  for (const one of segmentsOf(text)) {
    if (!one.isOfHub && areDisabled) continue;
    const whole = text.slice(one.start, one.end);
    const value = valueOf(one.inner, one.isOfHub ? onHub(cluster) : { ...cluster, from: '--cluster' });
    if ('problem' in value) return { reason: refusal(whole, path, one.isOfHub, value.problem) };
    if (into === 'YAML' && !/^[\w./@:+-]*$/.test(String(value.value)))
      return { reason: refusal(whole, path, one.isOfHub, 'its value has special characters; write out its value') };
    if (value.note) notes.push(note(value.note, `${path} is filled in ${value.what}`));
    const before = literal(text.slice(end, one.start));
    parts.push(one.trimsBefore ? before.trimEnd() : before, value.value);
    trims = one.trimsAfter;
    end = one.end;
  }
  parts.push(literal(text.slice(end)));
  const said = parts.filter((part) => part !== '');
  if (!areDisabled && said.some((part) => typeof part === 'string' && part.includes('{{'))) {
    return { reason: refusal(text.slice(text.indexOf('{{')), path, false, 'it is not closed') };
  }
  return { value: said.length === 1 ? said[0] : parts.map(String).join(''), notes };
}

function refusal(whole: string, path: string, isOfHub: boolean, problem: string): Note {
  const quoted = shortened(whole.split('\n')[0] ?? '', 60);
  if (!isOfHub) return note('GoTemplate', `${path} is a Go template, ${quoted}: ${problem}`);
  const advice = 'or use the Policy that the hub replicated to a cluster';
  return note('HubTemplate', `${path} is a hub template, ${quoted}: ${problem}, ${advice}`);
}

/** Where a template looks things up. On the hub, no namespace is that of the policy, whichever it is. */
interface Source extends Cluster {
  readonly from: '--cluster' | '--hub';
}

function onHub({ name, hub = [] }: Cluster): Source {
  return { name, objects: hub, from: '--hub' };
}

type Value =
  | { readonly value: string | number | boolean; readonly note?: 'FilledIn' | 'ClusterName'; readonly what?: string }
  | { readonly problem: string };

/** One expression, such as `fromClusterClaim "id" | toInt`. */
function valueOf(expression: string, cluster: Source): Value {
  if (/^\/\*.*\*\/$/s.test(expression)) return { value: '' };
  const [call = '', ...pipes] = splitPipes(expression);
  const functions = pipes.map((pipe) => pipe.trim());
  const other = functions.find((name) => !Object.hasOwn(conversions, name));
  const value = other === undefined ? called(call.trim(), cluster) : { problem: adviceOn(expression, other) };
  if ('problem' in value) return value;
  return functions.reduce<Value>((value, name) => {
    if ('problem' in value) return value;
    const converted = conversions[name]!(String(value.value));
    return converted === undefined
      ? { problem: `${name} does not accept ${shortened(String(value.value), 40)}` }
      : { ...value, value: converted };
  }, value);
}

const conversions: Readonly<Record<string, (text: string) => string | number | boolean | undefined>> = {
  toInt: (text) => (/^-?[0-9]{1,15}$/.test(text) ? Number(text) : undefined),
  toBool: (text) => (text === 'true' || text === 'false' ? text === 'true' : undefined),
  toLiteral: (text) =>
    /^-?[0-9]{1,15}$/.test(text) ? Number(text) : /^(true|false)$/.test(text) ? text === 'true' : text,
  trim: (text) => text.trim(),
  lower: (text) => text.toLowerCase(),
};

/** At `|`, but not within quotes. */
function splitPipes(expression: string): string[] {
  return expression.match(/(?:"[^"]*"|`[^`]*`|[^|"`])+/g) ?? [expression];
}

const text = '(?:"([^"\\\\]*)"|`([^`]*)`)';
const fields = '((?:\\.[A-Za-z_][A-Za-z0-9_]*)+)';
const pattern = (...parts: string[]) => new RegExp(`^${parts.join('\\s+')}$`);
const claim = pattern('fromClusterClaim', text);
const configMap = pattern('fromConfigMap', text, text, text);
const lookup = new RegExp(`^\\(\\s*lookup\\s+${[text, text, text, text].join('\\s+')}\\s*\\)\\s*${fields}$`);

function called(call: string, cluster: Source): Value {
  if (call === '.ManagedClusterName') {
    if (cluster.name === undefined) return { problem: 'set --cluster-name' };
    return { value: cluster.name, note: 'ClusterName', what: `for cluster ${cluster.name} only` };
  }
  const ofClaim = saidIn(claim, call);
  if (ofClaim) {
    const [name = ''] = ofClaim;
    return found(cluster, ['cluster.open-cluster-management.io', 'ClusterClaim', '', name], ['spec', 'value']);
  }
  const ofConfigMap = saidIn(configMap, call);
  if (ofConfigMap) {
    const [namespace = '', name = '', key = ''] = ofConfigMap;
    return found(cluster, ['', 'ConfigMap', namespace, name], ['data', key]);
  }
  const [apiVersion, kind = '', namespace = '', name = '', path = ''] = saidIn(lookup, call) ?? [];
  if (apiVersion === undefined || name === '') return { problem: adviceOn(call) };
  if (kind.toLowerCase().startsWith('secret')) return { problem: ofSecrets };
  return found(cluster, [groupOf(apiVersion), kind, namespace, name], path.split('.').slice(1));
}

/** What the groups hold: each argument is in quotes of one sort or the other. */
function saidIn(wanted: RegExp, call: string): string[] | undefined {
  return wanted
    .exec(call)
    ?.slice(1)
    .filter((one) => one !== undefined);
}

/** One field of an object that the user gave. */
function found(
  { objects, from }: Source,
  [group, kind, namespace, name]: readonly [string, string, string, string],
  path: readonly string[],
): Value {
  const label = [kind, [namespace, name].filter(Boolean).join('/')].join(' ');
  const object = objects.find(
    (one) =>
      groupOf(asText(at(one, 'apiVersion')) ?? '') === group &&
      at(one, 'kind') === kind &&
      at(one, 'metadata', 'name') === name &&
      ((from === '--hub' && namespace === '') || (asText(at(one, 'metadata', 'namespace')) ?? '') === namespace),
  );
  if (!object) {
    const where = from === '--hub' ? 'on the hub' : 'in the cluster';
    return { problem: `${label} is looked up ${where}; provide it with ${from} FILE` };
  }
  const value = at(object, ...path);
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    const is = value === undefined ? 'missing' : asList(value) ? 'a list' : 'not a single value';
    return { problem: `${path.join('.')} of ${label} is ${is}; write out its value` };
  }
  return {
    value: String(value),
    note: 'FilledIn',
    what: `from ${label} as provided; later changes have no effect`,
  };
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}

const ofSecrets =
  'the baseline would disclose the value of a Secret; use an operator that manages secrets, or leave the field out';
const ofObjects = 'it refers to the object that is evaluated; write a check in CEL';
const ofLoops = 'a baseline has no variables, conditions or loops; write out the resulting objects';

/** Why it is not translated, by the first function that says so. */
const advices: Readonly<Record<string, string>> = {
  fromSecret: ofSecrets,
  copySecretData: ofSecrets,
  copyConfigMapData: 'it copies all data of a ConfigMap; write them out',
  protect: ofSecrets,
  '.Object': ofObjects,
  '.ObjectName': ofObjects,
  '.ObjectNamespace': ofObjects,
  skipObject: ofObjects,
  range: ofLoops,
  if: ofLoops,
  else: ofLoops,
  with: ofLoops,
  end: ofLoops,
  define: ofLoops,
  template: ofLoops,
};

function adviceOn(expression: string, unknown?: string): string {
  const words = expression.replace(/"[^"]*"|`[^`]*`/g, ' ').match(/\.?[A-Za-z_$][A-Za-z0-9_]*|:=/g) ?? [];
  const known = words.find((word) => Object.hasOwn(advices, word));
  if (known !== undefined) return `${known}: ${advices[known]}`;
  if (words.some((word) => word.startsWith('$') || word === ':=')) return ofLoops;
  const first = unknown?.split(/\s/)[0] ?? words.find((word) => /^\.?[a-z]/i.test(word));
  if (first === 'lookup') return 'lookup: only a single field of a named object can be filled in; write out its value';
  return `${first === undefined ? '' : `${first}: `}write out its value`;
}
