/** What the apiserver takes for variables of a run, the executor takes, and the other way round: one rule, written twice. */
import { expect, test } from '@jest/globals';
import { schemas } from '../operator/api/generated/schemas.ts';
import { compile } from '../operator/cel/compile.ts';
import { assertRunVariables, ownNames } from '../operator/connect/ansible/variables.ts';

interface Schema {
  readonly properties: Readonly<Record<string, Schema>>;
  readonly additionalProperties: { readonly maxLength: number };
  readonly maxProperties: number;
  readonly 'x-kubernetes-validations': readonly { readonly rule: string }[];
}

const { spec } = (schemas.AnsibleRun as unknown as Schema).properties;
const declared = (spec as Schema).properties['variables'] as Schema;

/** As the apiserver does, but for types, which the schema gives. */
function isAccepted(variables: Readonly<Record<string, string | number | bigint>>): boolean {
  const all = Object.values(variables);
  if (all.length > declared.maxProperties) return false;
  if (all.some((value) => typeof value === 'string' && value.length > declared.additionalProperties.maxLength))
    return false;
  return declared['x-kubernetes-validations'].every(({ rule }) => {
    const compiled = compile({ expression: rule.replaceAll(/\bself\b/g, 'object') });
    if (compiled.is === 'invalid') throw new Error(compiled.message);
    return compiled.program.run({ object: variables }).is === 'holds';
  });
}

function isExecuted(variables: Readonly<Record<string, unknown>>): boolean {
  try {
    assertRunVariables(variables);
    return true;
  } catch {
    return false;
  }
}

const names = [
  'a',
  'release',
  'retries_most',
  'a'.repeat(64),
  'a'.repeat(65),
  'A',
  '_a',
  '1a',
  'a-b',
  'a b',
  'ä',
  'a\n',
];
const prefixed = ['ansible_host', 'ansible_x', 'ansible', 'ansiblex', 'holdfast_x', 'holdfast'];
const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`v${index}`, 1]));

test.each([
  ...[...names, ...prefixed, ...ownNames].map((name) => ({ [name]: 'x' })),
  ...['', '{{ x }}', 'x'.repeat(4096), 'x'.repeat(4097), 0, -1, 2 ** 53 - 1, 2n ** 53n, -(2n ** 60n)].map((a) => ({
    a,
  })),
  many(64),
  many(65),
])('variables %# are accepted by both or by neither', (variables) => {
  expect({ variables, accepted: isAccepted(variables) }).toEqual({ variables, accepted: isExecuted(variables) });
});
