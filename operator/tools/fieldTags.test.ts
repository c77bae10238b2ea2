import { describe, expect, test } from '@jest/globals';
import { readField, readSpec } from './testdata/readSpec.ts';

const immutable = (text: string) => ({ message: expect.stringContaining(text) as unknown });

describe('a tag on a field adds to its schema:', () => {
  test.each<[tags: string, type: string, schema: object]>([
    ['@minimum -5 @maximum 5', 'Int32', { type: 'integer', format: 'int32', minimum: -5, maximum: 5 }],
    ['@minLength 1 @maxLength 5', 'string', { type: 'string', minLength: 1, maxLength: 5 }],
    ['@maxLength 5 @pattern ^[a-z]{1,5}$', 'string', { pattern: '^[a-z]{1,5}$' }],
    ['@maxLength 4 @pattern ^[0-9]+%$', 'IntOrString', { 'x-kubernetes-int-or-string': true, maxLength: 4 }],
    ['@maxLength 15 @format ipv4', 'string', { format: 'ipv4' }],
    ['@minItems 1 @maxItems 5 @listType set', 'Int32[]', { minItems: 1, maxItems: 5, 'x-kubernetes-list-type': 'set' }],
    ['@minProperties 1 @maxProperties 5', 'Record<string, Int32>', { minProperties: 1, maxProperties: 5 }],
    ['@mapType atomic @maxProperties 5', 'Record<string, Int32>', { 'x-kubernetes-map-type': 'atomic' }],
    ['@default "a b"', "'a b'", { enum: ['a b'], default: 'a b' }],
    ['@default {"x":[1]} @preserveUnknown', 'unknown', { default: { x: [1] } }],
    ['@example { a: [1, two] } @preserveUnknown', 'unknown', { example: { a: [1, 'two'] } }],
    ['@nullable', 'boolean', { nullable: true }],
    ['@integer', 'number', { type: 'integer', format: 'int64' }],
    ['@preserveUnknown', 'unknown', { 'x-kubernetes-preserve-unknown-fields': true }],
    ['@preserveUnknown', 'Record<string, unknown>', { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }],
    ['@deprecated Use another.', 'boolean', { description: 'Deprecated: Use another. A field.' }],
  ])('%s on %s', (tags, type, schema) => {
    const { field, problems } = readField(type, tags);
    expect(problems).toEqual([]);
    expect(field).toMatchObject(schema);
  });

  test('@rule, as often as needed, over several lines, and with a field path', () => {
    const { field, problems } = readField(
      'boolean',
      '@rule self ||\n   *   !self :: it must be `true`\n   *   or not\n   * @rule self :: yes :: fieldPath=.x',
    );
    expect(problems).toEqual([]);
    expect(field?.['x-kubernetes-validations']).toEqual([
      { rule: 'self || !self', message: 'it must be `true` or not' },
      { rule: 'self', message: 'yes', fieldPath: '.x' },
    ]);
  });

  test('@preserveUnknown on a map of unknown leaves the type of its values open', () => {
    expect(readField('Record<string, unknown>', '@preserveUnknown').field?.additionalProperties).toBeUndefined();
  });
});

describe('@immutable', () => {
  test('on a required field is a rule of the field', () => {
    const { spec } = readSpec('/** F. @immutable */\nfield: boolean;');
    expect(spec.properties?.field?.['x-kubernetes-validations']).toMatchObject([
      { rule: 'self == oldSelf', ...immutable('`field` cannot be changed') },
    ]);
    expect(spec['x-kubernetes-validations']).toBeUndefined();
  });

  test('on an optional field is a rule of the parent, or one could remove it and set it anew', () => {
    const { spec } = readSpec("/** F. @immutable */\n'a-field'?: boolean;");
    expect(spec.properties?.['a-field']?.['x-kubernetes-validations']).toBeUndefined();
    expect(spec['x-kubernetes-validations']).toMatchObject([
      {
        rule: 'has(self.a__dash__field) == has(oldSelf.a__dash__field) && (!has(self.a__dash__field) || self.a__dash__field == oldSelf.a__dash__field)',
        fieldPath: "['a-field']",
        ...immutable('`a-field` cannot be added, changed or removed'),
      },
    ]);
  });

  test('on a field with a default is a rule of the field, since it never goes', () => {
    const { spec } = readSpec('/** F. @immutable @default true */\nfield?: boolean;');
    expect(spec.properties?.field?.['x-kubernetes-validations']).toHaveLength(1);
    expect(spec['x-kubernetes-validations']).toBeUndefined();
  });

  test('writes names that CEL reserves as CEL wants them', () => {
    const { spec } = readSpec('/** F. @immutable */\nnamespace?: boolean;');
    expect(spec['x-kubernetes-validations']?.[0]?.rule).toContain('has(self.__namespace__)');
  });
});

describe('a tag that cannot be followed is reported:', () => {
  test.each<[tags: string, type: string, problem: string]>([
    ['@maxlength 5', 'string', "unknown tag '@maxlength'; known are minimum, "],
    ['@resource plural=x', 'boolean', "unknown tag '@resource'"],
    ['@constructor', 'boolean', "unknown tag '@constructor'"],
    ['@maxLength 5', 'Int32', "'@maxLength' does not fit integer; put it on the field or type that it is about"],
    ['@maxLength 5 @maxItems 1', 'string[]', "'@maxLength' does not fit list"],
    ['@maxLength 5 @maxLength 6', 'string', "'@maxLength' is set 2 times; keep one"],
    ['@maxLength many', 'string', "'@maxLength': 'many' is not an integer of at least 0"],
    ['@minimum 1.5', 'Int32', "'@minimum': '1.5' is not an integer"],
    ['@default yes', 'boolean', "'@default': 'yes' is not JSON; a string needs double quotes"],
    ['@example [', 'boolean', "'@example': is not YAML"],
    ['@listType bag @maxItems 1', 'Int32[]', "'@listType': 'bag' is not one of map, set, atomic"],
    ['@format colour @maxLength 5', 'string', "'@format': 'colour' is not one of date-time, "],
    ['@nullable true', 'boolean', "'@nullable': takes no value, but has 'true'"],
    ['@rule self', 'boolean', "'@rule': write it as: @rule <CEL> :: <message"],
    ['@rule self :: no :: path=.x', 'boolean', "'@rule': 'path=.x' is unknown; only fieldPath=.field"],
    ['@rule has(self.a.package) :: no', 'boolean', "'@rule': 'package' is a reserved word of CEL; write '__package__'"],
    ['@pattern [ @maxLength 5', 'string', "'@pattern': SyntaxError"],
    [
      '@pattern ^(?!a) @maxLength 5',
      'string',
      "'@pattern': look-around, back references and similar constructs differ",
    ],
    ['@pattern', 'string', "'@pattern': has no value"],
  ])('%s on %s', (tags, type, problem) => {
    expect(readField(type, tags).problems[0]).toContain(`Thing.spec.field: ${problem}`);
  });
});

describe('the tags of a named type', () => {
  const name =
    '/**\n * A name.\n * @maxLength 10\n * @pattern ^a\n * @rule self != "x" :: not x\n */\ntype Name = string;';

  test('hold wherever it is used', () => {
    const { field, problems } = readField('Record<string, Name[]>', '@maxProperties 3', name);
    expect(problems).toEqual(['Thing.spec.field.*: the list has no bound; add @maxItems']);
    expect(field?.additionalProperties?.items).toMatchObject({ description: 'A name.', maxLength: 10, pattern: '^a' });
  });

  test('give way to those of the field, except that rules add up', () => {
    const { field, problems } = readField('Name', '@maxLength 5 @rule self != "y" :: not y', name);
    expect(problems).toEqual([]);
    expect(field).toMatchObject({ description: 'A field.', maxLength: 5, pattern: '^a' });
    expect(field?.['x-kubernetes-validations']?.map((rule) => rule.message)).toEqual(['not x', 'not y']);
  });

  test('are reported once, under the name of the type', () => {
    const { problems } = readSpec(
      '/** A. */\na?: Bad;\n/** B. */\nb?: Bad;',
      '/** @maxLength 1 @wrong */\ntype Bad = string;',
    );
    expect(problems).toEqual([expect.stringMatching(/^Bad: unknown tag '@wrong'/)]);
  });
});
