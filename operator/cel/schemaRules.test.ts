/** Rules of CRDs without an apiserver: all of ours can be evaluated, and what they refuse there is refused here, in the same words. */
import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { load } from 'js-yaml';
import { readYaml } from '../cli/yaml.ts';
import { brokenRules, withDefaults, type RuledSchema } from './schemaRules.ts';

const root = resolve(import.meta.dirname, '../..');
const schemas = new Map(
  readdirSync(join(root, 'crds'))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => {
      const { spec } = load(readFileSync(join(root, 'crds', name), 'utf8')) as {
        spec: { names: { kind: string }; versions: { schema: { openAPIV3Schema: RuledSchema } }[] };
      };
      return [spec.names.kind, spec.versions[0]!.schema.openAPIV3Schema] as const;
    }),
);
const ofKind = (kind: string): RuledSchema => schemas.get(kind)!;

describe('samples', () => {
  const samples = readdirSync(join(root, 'manifests/samples')).flatMap((file) =>
    (readYaml(readFileSync(join(root, 'manifests/samples', file), 'utf8'), file) as { kind: string }[])
      .filter(({ kind }) => schemas.has(kind))
      .map((object) => [`${object.kind} in ${file}`, object] as const),
  );

  test.each(samples)('%s breaks no rule', (_, object) => {
    const schema = ofKind(object.kind);
    expect(brokenRules(schema, withDefaults(schema, object))).toEqual([]);
  });
});

const baseline = (...checks: object[]): unknown => {
  const spec = {
    selector: { matchLabels: { os: 'rhel9' } },
    checks: checks.map((check) => ({ name: 'one', ...check })),
  };
  return { apiVersion: 'holdfast.dev/v1alpha1', kind: 'DeviceBaseline', metadata: { name: 'rhel9' }, spec };
};
const broken = (...checks: object[]): string[] => {
  const schema = ofKind('DeviceBaseline');
  return brokenRules(schema, withDefaults(schema, baseline(...checks)));
};

describe('what the apiserver refuses', () => {
  test('a check of two types, one of which has a reserved word for its name', () => {
    const [only, ...more] = broken({ package: { name: 'telnet' }, sysctl: { name: 'a.b', value: '0' } });
    expect(only).toMatch(/^spec\.checks\[0\]: a check must have exactly one of `file`, /);
    expect(more).toEqual([]);
  });

  test('a check of a type with a reserved word for its name is one of one type', () => {
    expect(broken({ package: { name: 'telnet', state: 'Absent' } })).toEqual([]);
  });

  test('fields that exclude each other', () => {
    const file = { path: '/etc/motd', mode: '0644', maxMode: '0600' };
    expect(broken({ file })).toEqual(['spec.checks[0].file: set `mode` or `maxMode`, not both.']);
  });

  test('each of several, with its place', () => {
    const file = { path: '/etc/motd', mode: '0644', maxMode: '0600' };
    expect(broken({ sysctl: { name: 'a.b', value: '0' } }, { file }).map((one) => one.split(':')[0])).toEqual([
      'spec.checks[1].file',
    ]);
  });
});

test('defaults are filled in where something is absent, and nowhere else', () => {
  const schema: RuledSchema = {
    properties: {
      mode: { default: 'Inform' },
      checks: { items: { properties: { state: { default: 'Present' }, name: {} } } },
      labels: { additionalProperties: { properties: { is: { default: true } } } },
    },
  };
  expect(withDefaults(schema, { checks: [{ name: 'a' }, { state: 'Absent' }], labels: { x: {} } })).toEqual({
    checks: [{ name: 'a', state: 'Present' }, { state: 'Absent' }],
    labels: { x: { is: true } },
    mode: 'Inform',
  });
});

test('rules about what was before say nothing of what is created; one that cannot be evaluated does not hold', () => {
  const rules = (...all: string[]): RuledSchema => ({ 'x-kubernetes-validations': all.map((rule) => ({ rule })) });
  expect(brokenRules(rules('self.a == oldSelf.a'), { a: 1 })).toEqual([]);
  expect(brokenRules(rules('self.a > 1'), { b: 1 })[0]).toMatch(
    /^the object: the rule `self\.a > 1` cannot be evaluated: /,
  );
});

test('names of fields are written as rules have to write them', () => {
  const value = { 'a.b': 1, 'c-d': 2, 'e/f': 3, g__h: 4, namespace: 5 };
  const rule = 'self.a__dot__b == 1 && self.c__dash__d == 2 && self.e__slash__f == 3 && self.g__underscores__h == 4';
  const all = `${rule} && self.__namespace__ == 5`;
  expect(brokenRules({ 'x-kubernetes-validations': [{ rule: all }] }, value)).toEqual([]);
});

test('a field of null is absent, and gets its default; an item of null stays, and so does an unknown field', () => {
  const schema: RuledSchema = {
    properties: {
      mode: { type: 'string', default: 'Inform' },
      note: { type: 'string' },
      list: { items: { type: 'string' } },
      labels: { additionalProperties: { type: 'string' } },
    },
  };
  const value = { mode: null, note: null, list: [null], labels: { a: null, b: 'c' }, other: null, constructor: null };
  expect(withDefaults(schema, value)).toEqual({
    ...{ mode: 'Inform', list: [null], labels: { b: 'c' } },
    ...{ other: null, constructor: null },
  });
});
