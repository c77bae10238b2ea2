import { describe, expect, test } from '@jest/globals';
import { told, type Json } from '../../../test/builders/thing.ts';
import { differences } from './compare.ts';

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
