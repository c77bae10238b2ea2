import { describe, expect, test } from '@jest/globals';
import { readField, readSpec } from './testdata/readSpec.ts';

describe('a type becomes a schema:', () => {
  test.each<[type: string, tags: string, schema: object]>([
    ['boolean', '', { type: 'boolean' }],
    ['(boolean)', '', { type: 'boolean' }],
    ['string', '@maxLength 1', { type: 'string', maxLength: 1 }],
    ['Int32', '', { type: 'integer', format: 'int32' }],
    ['Int64', '', { type: 'integer', format: 'int64' }],
    ['Timestamp', '', { type: 'string', format: 'date-time' }],
    ['IntOrString', '', { 'x-kubernetes-int-or-string': true }],
    ['Quantity', '', { 'x-kubernetes-int-or-string': true, maxLength: 32 }],
    ["'A'", '', { type: 'string', enum: ['A'] }],
    ["'A' | 'b c'", '', { type: 'string', enum: ['A', 'b c'] }],
    ["Word | 'C'", '', { type: 'string', enum: ['A', 'B', 'C'] }],
    ['Word[]', '@maxItems 1', { type: 'array', items: { enum: ['A', 'B'] } }],
    ['readonly Word[]', '@maxItems 1', { type: 'array', items: { enum: ['A', 'B'] } }],
    ['ReadonlyArray<Word>', '@maxItems 1', { type: 'array', items: { enum: ['A', 'B'] } }],
    ['Record<string, Word>', '@maxProperties 1', { type: 'object', additionalProperties: { enum: ['A', 'B'] } }],
    ['Pair', '', { type: 'object', required: ['a'], properties: { a: { type: 'boolean' }, b: { type: 'boolean' } } }],
    ['More', '', { type: 'object', required: ['c', 'a'], properties: { c: {}, a: {}, b: {} } }],
    ['Pair & Other', '', { type: 'object', required: ['a', 'd'], properties: { a: {}, b: {}, d: {} } }],
    ['{\n/** A. */\n a?: boolean }', '', { type: 'object', properties: { a: { type: 'boolean' } } }],
  ])('%s', (type, tags, schema) => {
    const declarations = `
      type Word = 'A' | 'B';
      interface Pair {
        /** A. */
        a: boolean;
        /** B. */
        readonly b?: boolean;
      }
      interface More extends Pair {
        /** C. */
        c: boolean;
      }
      type Other = {
        /** D. */
        d: boolean;
      };`;
    const { field, problems } = readField(type, tags, declarations);
    expect(problems).toEqual([]);
    expect(field).toMatchObject(schema);
  });
});

test('a field with a default is not required, since the API server fills it in', () => {
  expect(readSpec('/** F. @default true */\nfield: boolean;').spec.required).toBeUndefined();
});

test('an interface may say a field of its base anew, and has the rules of both', () => {
  const { spec, problems } = readSpec(
    '/** F. */\nfield?: Own;',
    `/** @rule self.a :: base */
    interface Base {
      /** Of the base. */
      a: boolean;
    }
    /** @rule !self.a :: own */
    interface Own extends Base {
      /** Of its own. */
      a?: boolean;
    }`,
  );
  expect(problems).toEqual([]);
  const field = spec.properties?.field;
  expect(field).toMatchObject({ type: 'object', properties: { a: { description: 'Of its own.' } } });
  expect(field?.required).toBeUndefined();
  expect(field?.['x-kubernetes-validations']?.map((rule) => rule.message)).toEqual(['base', 'own']);
});

test('a number alias keeps its width through another alias', () => {
  const { field } = readField(
    'Port',
    '@maximum 9',
    '/**\n * A port.\n * @minimum 1\n */\ntype Port = Int32;\ntype Int32 = number;',
  );
  expect(field).toMatchObject({ type: 'integer', format: 'int32', minimum: 1, maximum: 9 });
});

describe('a type that a CRD cannot express is reported:', () => {
  test.each<[type: string, problem: string]>([
    ['number', ": type 'number' has no width; use Int32"],
    ['{\n/** A. */\n a?: number }', ".a: type 'number' has no width; use Int32"],
    ['{\n/** A. */\n a?: number }[]', "[].a: type 'number' has no width; use Int32"],
    ['Record<string, number>', ".*: type 'number' has no width; use Int32"],
    ['any', ": type 'any' cannot be expressed in a CRD"],
    ['unknown', ": type 'unknown' needs @preserveUnknown"],
    [
      'string | null',
      ": type 'string | null' cannot be expressed in a CRD; use ? for what may be absent and @nullable",
    ],
    [
      'string | boolean',
      ": type 'string | boolean' cannot be expressed in a CRD; use an optional field for each choice",
    ],
    ["A | 'x'", ": type 'A | 'x'' cannot be expressed in a CRD; use an optional field for each choice"],
    ['1 | 2', ": type '1 | 2' cannot be expressed in a CRD"],
    ['`a${string}`', ": type '`a${string}`' cannot be expressed in a CRD"],
    ['[boolean, boolean]', ": type '[boolean, boolean]' cannot be expressed in a CRD"],
    ['Map<string, boolean>', ": type 'Map' is not declared in the API files; declare it there"],
    ['Generic<boolean>', ": type 'Generic' takes parameters; only Resource may"],
    ["Record<'a' | 'b', boolean>", ": a CRD cannot restrict the keys of a map to ''a' | 'b''; use Record<string, …>"],
    ['{ [key: string]: boolean }', ": '[key: string]: boolean' is not a field; use Record<string, …> for a map"],
    ['{ a(): void }', ": 'a(): void' is not a field"],
    ['A & boolean', ": only objects can be combined, and one of these is of shape 'boolean'"],
    ['A & A', ": 'a' is in two of the combined types; keep one"],
    ['Loop', ".again[]: type 'Loop' contains itself, which a CRD cannot express"],
  ])('%s', (type, problem) => {
    const declarations = `
      interface A {
        /** A. */
        a?: boolean;
      }
      interface Generic<T> {
        /** A. */
        a?: T;
      }
      interface Loop {
        /**
         * Again.
         * @maxItems 1
         * @listType atomic
         */
        again?: Loop[];
      }`;
    expect(readField(type, '', declarations).problems).toContainEqual(
      expect.stringContaining(`Thing.spec.field${problem}`),
    );
  });

  test('and causes no second report', () => {
    expect(readField('Missing', '@maxLength 5').problems).toHaveLength(1);
  });
});
