/** Long lists: what is compared item by item ends, and says that nothing is known. */
import { expect, test } from '@jest/globals';
import { differences, holds } from './compare.ts';
import { leaving } from './ignored.ts';
import { schemaOf } from './schema.ts';
import { orTooLarge, tooLarge } from './tooLarge.ts';

const long = (length: number, more: (at: number) => object) => Array.from({ length }, (_, at) => more(at));
const policy = (rules: readonly object[]) => ({ apiVersion: 'example.com/v1', kind: 'Policy', spec: { rules } });
const template = policy(long(2000, (at) => ({ host: `a-${at}`, port: at })));
const live = policy(long(2000, (at) => ({ host: `b-${at}`, port: at })));

test('what must not be there is not taken for absent because it would take too long to look for it', () => {
  // Each item is the last that is looked at.
  const reversed = policy(template.spec.rules.toReversed());
  expect(orTooLarge(() => holds({ template: reversed, live: template, schema: undefined }))).toBe(tooLarge);
});

test('what must be contained is not taken for anything', () => {
  const found = orTooLarge(() => differences({ template, live, schema: undefined }, 'MustContain'));
  // Given up before, with a difference that nothing is written for.
  expect(found).toEqual([expect.objectContaining({ path: 'spec.rules', kind: 'different' })]);
});

test('as many as a large Service has endpoints are compared', () => {
  const addresses = (count: number) => ({
    apiVersion: 'v1',
    kind: 'Endpoints',
    subsets: [{ addresses: long(count, (at) => ({ ip: `10.0.${at >> 8}.${at & 255}`, nodeName: `node-${at}` })) }],
  });
  const pair = { template: addresses(900), live: addresses(901), schema: undefined };
  expect(differences(pair, 'MustContain')).toEqual([]);
  expect(differences(pair, 'MustHave')).toHaveLength(1);
});

test('an object of a megabyte is compared', () => {
  const data = Object.fromEntries(long(20_000, (at) => ({ at })).map((_, at) => [`key-${at}`, 'x'.repeat(40)]));
  const big = { apiVersion: 'v1', kind: 'ConfigMap', data };
  expect(
    orTooLarge(() => differences({ template: big, live: structuredClone(big), schema: undefined }, 'MustHave')),
  ).toEqual([]);
});

test('paths are left to others in lists of thousands of items', () => {
  const document = {
    components: {
      schemas: {
        App: {
          type: 'object',
          'x-kubernetes-group-version-kind': [{ group: 'example.com', version: 'v1', kind: 'App' }],
          properties: {
            env: {
              type: 'array',
              'x-kubernetes-list-type': 'map',
              'x-kubernetes-list-map-keys': ['name'],
              items: { type: 'object', properties: { name: { type: 'string' }, value: { type: 'string' } } },
            },
          },
        },
      },
    },
  };
  const kind = { group: 'example.com', version: 'v1', kind: 'App', plural: 'apps', namespaced: true };
  const env = (value: string) => ({ env: long(20_000, (at) => ({ name: `V${at}`, value })) });
  const left = leaving(
    { template: env('1'), live: env('2'), schema: schemaOf(document, kind) },
    ['env[*].value'],
    'asLive',
  );
  expect(left).toEqual(env('2'));
});
