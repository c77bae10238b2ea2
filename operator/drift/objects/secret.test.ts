import { describe, expect, test } from '@jest/globals';
import { told, type Json } from '../../../test/builders/thing.ts';
import { differences, storedDifferences } from './compare.ts';

describe('a Secret', () => {
  const secret = (more: Json): Json => ({ apiVersion: 'v1', kind: 'Secret', ...more });
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const live = secret({ type: 'Opaque', data: { user: base64('root'), password: base64('hunter2') } });
  const conceal = (text: string): string => `#${text.length}`;

  test.each<[string, Json]>([
    ['data', { data: { user: base64('root') } }],
    ['data in lines', { data: { user: `${base64('root').slice(0, 4)}\n${base64('root').slice(4)}\n` } }],
    ['stringData', { stringData: { user: 'root' } }],
    ['stringData over data', { data: { user: base64('nobody') }, stringData: { user: 'root' } }],
    ['nothing', { stringData: {} }],
  ])('is the same by its %s', (_name, template) => {
    expect(differences({ template: secret(template), live, schema: undefined }, 'MustHave')).toEqual([]);
  });
  test('shows values as they are concealed, whatever differs', () => {
    const template = secret({ stringData: { user: 'admin', token: 's3cret' } });
    const found = differences({ template, live, schema: undefined, conceal }, 'MustOnlyHave');
    expect(found.map(({ kind, path, expected, actual }) => [kind, path, expected, actual])).toEqual([
      ['different', 'data.user', '#8', '#8'],
      ['missing', 'data.token', '#8', 'absent'],
      ['extra', 'data.password', 'absent', '#12'],
    ]);
  });
  test.each<[string, Json, Json]>([
    ['value', { data: { user: base64('secret') } }, live],
    ['lack of data', { stringData: { user: 'secret' } }, secret({})],
    ['data of another type', { data: { user: base64('secret') } }, secret({ data: 'c2VjcmV0' })],
    ['list', { data: ['c2VjcmV0'] }, secret({ data: ['c2VjcmV0x'] })],
    ['number', { stringData: { user: { a: 'secret' } } }, live],
  ])('never shows a %s when nobody says how', (_name, template, there) => {
    const found = differences({ template: secret(template), live: there, schema: undefined }, 'MustHave');
    expect(found).not.toEqual([]);
    expect(JSON.stringify(found)).not.toMatch(/secret|c2VjcmV0|hunter|aHVudGVy|cm9vd/);
  });
  test('shows no annotation that may have all of it, as tools keep what they applied', () => {
    const kept = 'kapp.k14s.io/original';
    const whole = JSON.stringify(live);
    const template = secret({ metadata: { annotations: { [kept]: '{}', short: 'b' } } });
    const there = secret({ metadata: { annotations: { [kept]: whole, short: 'a' } } });
    const found = differences({ template, live: there, schema: undefined, conceal }, 'MustHave');
    expect(found.map(({ expected, actual }) => [expected, actual])).toEqual([
      ['#2', `#${whole.length}`],
      ['"b"', '"a"'],
    ]);
  });
  test('is not compared by what kubectl keeps, which exported objects have', () => {
    const kept = 'kubectl.kubernetes.io/last-applied-configuration';
    const template = secret({ metadata: { annotations: { [kept]: 'hunter2' } } });
    const there = secret({ metadata: { annotations: { [kept]: 'hunter3' } } });
    const pair = { template, live: there, schema: undefined };
    expect(differences(pair, 'MustHave')).toEqual([]);
    expect(storedDifferences(pair, template)).toEqual([]);
  });
  test('has nothing to hide elsewhere, and other kinds have nothing to hide', () => {
    const template = secret({ type: 'tls', metadata: { labels: { a: 'b' } } });
    expect(told(template, live, 'MustHave', undefined)).toEqual([
      'missing metadata.labels.a "b" absent',
      'different type "tls" "Opaque"',
    ]);
    const map = { apiVersion: 'v1', kind: 'ConfigMap' };
    expect(told({ ...map, data: { a: 'b' } }, { ...map, data: { a: 'c' } }, 'MustHave', undefined)).toEqual([
      'different data.a "b" "c"',
    ]);
  });
});
