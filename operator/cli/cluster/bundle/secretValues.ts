/** Objects without what is or may be a secret: by what the API marks as sensitive, by names of fields, and by the form of every text. Pure. */
import { isSecretName } from '../../../lib/secretForms.ts';
import { REDACTED, withoutSecrets } from '../../../lib/secretText.ts';

type Fields = Readonly<Record<string, unknown>>;
/** What is done to every text besides, such as to replace names. */
export type Rewrite = (text: string) => string;

/** Of a check with `sensitive: true`, fields that say where and how, but not what. */
const harmless = new Set([
  'path',
  'format',
  'section',
  'key',
  'compare',
  'state',
  'type',
  'mode',
  'maxMode',
  'owner',
  'group',
]);
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
/** Who wrote what is long, and needed by nobody. */
const dropped = new Set(['managedFields', lastApplied]);
/** Fields that say of which name a `value` beside them is. */
const naming = ['name', 'key', 'option'];
/** Words of the API, which are no names of anything of the user. */
const words = new Set(['apiVersion', 'kind']);

export function redacted(value: unknown, rewrite: Rewrite): unknown {
  if (typeof value === 'string') return rewrite(withoutSecrets(value));
  if (Array.isArray(value)) return redactedList(value, rewrite);
  if (typeof value !== 'object' || value === null) return value;
  return redactedFields(value as Fields, rewrite);
}

/** `['--password', 'x']`: an argument that a flag takes. */
function redactedList(list: readonly unknown[], rewrite: Rewrite): unknown[] {
  return list.map((item, index) => {
    const before: unknown = list[index - 1];
    const isArgument = typeof before === 'string' && /^--?[\w-]+$/.test(before) && isSecretName(before);
    return isArgument && typeof item === 'string' ? REDACTED : redacted(item, rewrite);
  });
}

function redactedFields(fields: Fields, rewrite: Rewrite): Fields {
  const isSecret = fields['kind'] === 'Secret';
  const isSensitive = fields['sensitive'] === true;
  const isNamed = naming.some((key) => typeof fields[key] === 'string' && isSecretName(fields[key]));
  const entries = Object.entries(fields).flatMap(([key, value]): [string, unknown][] => {
    if (dropped.has(key)) return [];
    if (words.has(key)) return [[key, value]];
    const hides =
      (isSecret && (key === 'data' || key === 'stringData')) ||
      (isSensitive && !harmless.has(key)) ||
      (isNamed && key === 'value') ||
      isSecretName(key);
    return [[rewrite(key), hides ? hidden(value) : redacted(value, rewrite)]];
  });
  return Object.fromEntries(entries);
}

/** All texts and numbers in it; its form stays. References such as `tokenRef: {name}` have names of their own. */
function hidden(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hidden);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hidden(inner)]));
  return typeof value === 'boolean' || value === null ? value : REDACTED;
}
