/**
 * Writes values as YAML for Ansible in which text is data: Ansible never evaluates it, whatever it says. Pure.
 *
 * Ansible takes every string of a playbook, an inventory or a file of variables for a template, unless it is tagged `!unsafe`. That tag has a
 * trap: Ansible guesses the type of a tagged scalar again although it is quoted, so that `!unsafe "no"` is false, `!unsafe "0644"` is 420
 * and `!unsafe ""` is nothing. Text that YAML 1.1 could read as anything but text is therefore quoted without the tag; made of
 * such characters only, it cannot be a template.
 */
import {
  DEFAULT_SCALAR_STYLE_RULES,
  DUMP_SCHEMA,
  SCALAR_STYLE_DOUBLE_QUOTED,
  defineScalarTag,
  dump,
  strTag,
} from 'js-yaml';
import type { ScalarLayout } from 'js-yaml';

const literal = Symbol('literal');
interface Literal {
  readonly [literal]: string;
}

const unsafeTag = defineScalarTag<Literal>('!unsafe', {
  identify: (value: unknown) => typeof value === 'object' && value !== null && literal in value,
  represent: (value: Literal) => value[literal],
  resolve: (text) => ({ [literal]: text }),
});
const schema = DUMP_SCHEMA.withTags(unsafeTag);

/** What a string or an object is, where it is not simply text and a mapping: gives the text to evaluate, or `undefined`. */
export type EvaluatedText = (value: unknown) => string | undefined;

/** YAML in which every string is data, save those for which `evaluated` gives a text. Throws a sentence for what cannot be written. */
export function ansibleYaml(value: unknown, evaluated: EvaluatedText = () => undefined): string {
  return dump(asNode(value, evaluated), { schema, lineWidth: -1, noRefs: true, scalarStyleRules: styleRules });
}

const styleRules = [
  ...Object.values(DEFAULT_SCALAR_STYLE_RULES),
  (layout: ScalarLayout): void => {
    const { tag, value } = layout.node;
    const isText = tag === unsafeTag.tagName || tag === strTag.tagName;
    if (isText && (!layout.isKey || mayBeOtherThanText(value))) layout.style = SCALAR_STYLE_DOUBLE_QUOTED;
  },
];

function asNode(value: unknown, evaluated: EvaluatedText): unknown {
  if (value === null || typeof value === 'boolean') return value;
  const expression = evaluated(value);
  if (expression !== undefined) return expression;
  if (typeof value === 'string') return asText(value);
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((item) => asNode(item, evaluated));
  if (typeof value !== 'object') throw new Error(`A value of type ${typeof value} cannot be passed to Ansible.`);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [asKey(key), asNode(member, evaluated)]));
}

function asText(text: string): string | Literal {
  if (!text.isWellFormed())
    throw new Error('A string for Ansible is not valid Unicode: it contains an unpaired surrogate.');
  return mayBeOtherThanText(text) ? text : { [literal]: text };
}

/** Ansible trusts keys, and some modules evaluate them. */
function asKey(key: string): string {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(key)) {
    throw new Error(
      `The name ${JSON.stringify(key)} cannot be passed to Ansible: it may contain only letters, digits, ".", "_" and "-".`,
    );
  }
  return key;
}

/** Whether YAML 1.1 could read the text, or Python that text and a line end, as other than text. True for some that neither would. */
function mayBeOtherThanText(text: string): boolean {
  return /^(?:|[~=!&*]|<<|null|y|n|yes|no|on|off|true|false|[-+]?\.?(?:inf|nan)|[-+.0-9][-+.:_0-9a-fotxz \t]*)\n?$/i.test(
    text,
  );
}
