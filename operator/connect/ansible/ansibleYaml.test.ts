import { describe, expect, test } from '@jest/globals';
import { ansibleYaml } from './ansibleYaml.ts';

const evil = "{{ lookup('pipe', 'id') }}";

describe('YAML for Ansible', () => {
  test('tags text, also within lists and mappings', () => {
    expect(ansibleYaml({ a: evil, b: [evil, { c: `x\n${evil}` }] })).toBe(
      `a: !unsafe "${evil}"\nb:\n  - !unsafe "${evil}"\n  - c: !unsafe "x\\n${evil}"\n`,
    );
  });

  test.each([
    '',
    'no',
    'Yes',
    'ON',
    'null',
    '~',
    '0644',
    '1_000',
    '0x1F',
    '12:30',
    '2026-01-01',
    '.inf',
    '*',
    '&',
    '!',
    '<<',
    '=',
    'no\n',
  ])('quotes %j without a tag, since with one Ansible would take it for something else than text', (text) => {
    expect(ansibleYaml({ text })).toBe(`text: ${JSON.stringify(text)}\n`);
  });

  test('leaves a text that is to be evaluated without a tag, and only that', () => {
    const evaluated = (value: unknown) => (value === 'now' ? '{{ now() }}' : undefined);
    expect(ansibleYaml(['now', 'later'], evaluated)).toBe('- "{{ now() }}"\n- !unsafe "later"\n');
  });

  test('writes numbers, booleans and null as they are, and leaves out what is undefined', () => {
    expect(ansibleYaml({ number: 1.5, yes: true, none: null, gone: undefined })).toBe(
      'number: 1.5\n"yes": true\nnone: null\n',
    );
  });

  test('escapes what is not seen, so that no reader folds or drops it', () => {
    expect(ansibleYaml(['a\u0085b\u2028c\u0000\r'])).toBe('- !unsafe "a\\Nb\\Lc\\0\\r"\n');
  });

  test.each([
    ['a name with a template', { [evil]: 1 }, /The name .* cannot be passed to Ansible/],
    ['a name with a line end', { 'a\nb': 1 }, /The name "a\\nb" cannot/],
    ['half of a surrogate pair', ['\ud800'], /not valid Unicode/],
    ['what is no number', [Number.NaN], /type number cannot/],
    ['a function', [() => 1], /type function cannot/],
  ])('refuses %s', (_, value, message) => {
    expect(() => ansibleYaml(value)).toThrow(message);
  });

  test('does not mistake names of prototypes', () => {
    const value = JSON.parse('{"__proto__": {"a": 1}, "constructor": "x"}') as unknown;
    expect(ansibleYaml(value)).toBe('__proto__:\n  a: 1\nconstructor: !unsafe "x"\n');
  });
});
