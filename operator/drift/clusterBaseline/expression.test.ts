/** What of a Secret gets into findings: nothing but whether the expression holds. */
import { describe, expect, test } from '@jest/globals';
import type { ExpressionCheck } from '../../api/v1alpha1/expressionCheck.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import type { Kind } from '../../api/kind.ts';
import { compile, evaluateExpression } from './expression.ts';

const kind: Kind = { group: '', version: 'v1', kind: 'Secret', plural: 'secrets', namespaced: true };
const base = { apiVersion: 'v1', metadata: { name: 'token', namespace: 'shop' } };
const secret = { ...base, kind: 'Secret', data: { password: 'aHVudGVyMg==' } } as unknown as Resource;
const settings = { ...base, kind: 'ConfigMap', data: { password: 'aHVudGVyMg==' } } as unknown as Resource;

function evaluated(check: Partial<ExpressionCheck>, object: Resource = secret, params: unknown = null): string {
  const whole = { name: 'one', resource: { kind: 'Secret' }, expression: 'false', ...check };
  const compiled = compile(whole);
  if (compiled.is === 'invalid') throw new Error(compiled.message);
  const answer = evaluateExpression({ check: whole, program: compiled.program, kind }, object, {
    namespaceObject: undefined,
    params,
  });
  if (answer === 'holds' || answer === 'costly') return answer;
  return `${answer.is}: ${answer.is === 'unknown' ? answer.message : answer.differences[0]?.actual}`;
}

describe('of a Secret', () => {
  test.each<[string, Partial<ExpressionCheck>]>([
    ['a message', { messageExpression: "'it is ' + object.data.password" }],
    ['a part of it', { messageExpression: 'object.data.password.substring(0, 4)' }],
    ['each character', { messageExpression: "object.data.password.split('').join('.')" }],
    ['its bytes', { messageExpression: "'%x'.format([object.data.password])" }],
    ['the whole object', { messageExpression: "'%s'.format([object])" }],
    ['a map made of it', { messageExpression: "'%s'.format([object.data.transformMap(k, v, v.reverse())])" }],
    ['its length', { messageExpression: 'string(object.data.password.size())' }],
    [
      'a variable',
      {
        variables: [{ name: 'p', expression: 'object.data.password' }],
        expression: "variables.p == ''",
        messageExpression: 'variables.p',
      },
    ],
    ['an error', { expression: 'int(object.data.password) == 1' }],
    ['an error of a quantity', { expression: "quantity(object.data.password) == quantity('1')" }],
    ['an error that names a key', { expression: "{'a': true}[object.data.password]" }],
    ['an error that only the true value has', { expression: '1 / (object.data.password.size() - 12) == 0' }],
    ['a pattern', { expression: "'a'.matches('(' + object.data.password)" }],
    ['a result that is no bool', { expression: 'object.data.password' }],
  ])('%s tells nothing', (_, check) => {
    expect(evaluated(check)).not.toMatch(/aHV|hunter|61\s?48|12|==|gM|a\.H/);
    expect(evaluated(check)).toMatch(/^(fails|unknown): ./);
  });

  test('parameters tell nothing either', () => {
    expect(evaluated({ messageExpression: 'params.data.password' }, settings, secret)).toBe('fails: (concealed)');
    expect(evaluated({ expression: 'bool(params.data.password)' }, settings, secret)).toBe(
      'unknown: "(concealed)" is not a bool',
    );
  });

  test('names of keys and all else are told, and the expression sees the values', () => {
    expect(evaluated({ messageExpression: "object.metadata.name + ' ' + object.data.map(k, k)[0]" })).toBe(
      'fails: token password',
    );
    expect(evaluated({ expression: "object.data.password == 'aHVudGVyMg=='" })).toBe('holds');
    expect(
      evaluated({ expression: 'has(object.stringData)', messageExpression: "'%s'.format([has(object.data)])" }),
    ).toBe('fails: true');
  });

  test('other kinds have nothing to hide', () => {
    expect(evaluated({ messageExpression: 'object.data.password' }, settings)).toBe('fails: aHVudGVyMg==');
  });
});
