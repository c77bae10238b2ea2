/**
 * YAML and JSON as Ansible reads them, which is YAML 1.1 by PyYAML: keys keep their types, the last of equal keys counts, `1:30` is a
 * number. Values that are encrypted are read as such. Nothing that is read is larger than what was written, by a bound. Pure.
 */
import {
  defineMappingTag,
  defineScalarTag,
  defineSequenceTag,
  FAILSAFE_SCHEMA,
  loadAll,
  mergeTag,
  NOT_RESOLVED,
  realMapTag,
  YAMLException,
} from 'js-yaml';
import { encrypted, NotRead, Unread, type Read } from './values.ts';

const deepest = 50;
/** Each host may have one that is merged. */
const mostAliases = 200_000;
const mostMerged = 2_000_000;
const mostNodes = 2_000_000;

/** The one document; undefined for none. Throws `NotRead`. */
export function readAnsibleYaml(text: string): Read | undefined {
  const document = jsonIn(text) ?? yamlIn(text);
  let left = mostNodes;
  const exceeds = (value: unknown, depth: number): boolean => {
    if (--left < 0 || depth > deepest) return true;
    if (value instanceof Map) for (const one of value.values()) if (exceeds(one, depth + 1)) return true;
    return Array.isArray(value) && value.some((one) => exceeds(one, depth + 1));
  };
  if (exceeds(document, 0))
    throw new NotRead(`it has more than ${mostNodes} values or ${deepest} levels when its aliases are expanded`);
  return document;
}

/** Ansible tries this first. */
function jsonIn(text: string): Read | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text, (_, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) ? new Map(Object.entries(value)) : value,
    ) as Read;
  } catch {
    return undefined;
  }
}

function yamlIn(text: string): Read | undefined {
  let documents: unknown[];
  try {
    documents = loadAll(text, {
      schema,
      json: true,
      maxDepth: deepest,
      maxAliases: mostAliases,
      maxTotalMergeKeys: mostMerged,
    });
  } catch (error) {
    const mark = error instanceof YAMLException ? error.mark : undefined;
    const place = mark ? `line ${mark.line + 1}, column ${mark.column + 1}: ` : '';
    throw new NotRead(`${place}it is not YAML${error instanceof YAMLException ? ` (${error.reason})` : ''}`);
  }
  if (documents.length > 1) throw new NotRead('it has more than one YAML document');
  return documents[0] as Read | undefined;
}

const implicit = <T>(name: string, forms: RegExp, value: (text: string) => T) =>
  defineScalarTag<T>(`tag:yaml.org,2002:${name}`, {
    implicit: true,
    resolve: (text) => (forms.test(text) ? value(text) : NOT_RESOLVED),
    identify: () => false,
  });

const unread = (tag: string, why: Unread) => [
  defineScalarTag<Unread>(tag, { resolve: () => why, identify: () => false }),
  defineSequenceTag<null[], Unread>(tag, {
    create: () => [],
    addItem: () => undefined,
    finalize: () => why,
    identify: () => false,
  }),
  defineMappingTag<null[], Unread>(tag, {
    ...{ create: () => [], addPair: () => '', has: () => false, keys: () => [], get: () => undefined },
    ...{ finalize: () => why, identify: () => false },
  }),
];

function whole(text: string): number {
  const plain = text.replaceAll('_', '');
  const sign = plain.startsWith('-') ? -1 : 1;
  const digits = plain.replace(/^[-+]/, '');
  if (digits.includes(':')) return sign * digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return sign * Number(/^0[0-7]/.test(digits) ? `0o${digits}` : digits);
}

function decimal(text: string): number | Unread {
  const plain = text.replaceAll('_', '');
  return /^[-+]?[\d.eE+-]+$/.test(plain) ? Number(plain) : new Unread('a number of a form that is not read');
}

const schema = FAILSAFE_SCHEMA.withTags(
  realMapTag,
  mergeTag,
  implicit('null', /^(?:~|null|Null|NULL|)$/, () => null),
  implicit('bool', /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/, (text) =>
    /^(?:yes|true|on)$/i.test(text),
  ),
  implicit(
    'int',
    /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/,
    whole,
  ),
  implicit(
    'float',
    /^(?:[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
    decimal,
  ),
  implicit(
    'timestamp',
    /^(?:\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/,
    () => new Unread('a date'),
  ),
  ...unread('!vault', encrypted),
  ...unread('!vault-encrypted', encrypted),
  ...unread('!unsafe', new Unread('marked as !unsafe')),
);

/** A file that ansible-vault has encrypted in full. */
export function isEncrypted(text: string): boolean {
  return text.startsWith('$ANSIBLE_VAULT');
}
