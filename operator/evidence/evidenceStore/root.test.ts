import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { load } from 'js-yaml';
import type { EvidenceStore } from '../../api/v1alpha1/evidenceStore.ts';
import { locationOf, rootOf, uriOf } from './root.ts';

const store = (namespace: string, name: string, prefix?: string): EvidenceStore => ({
  apiVersion: 'holdfast.dev/v1alpha1',
  kind: 'EvidenceStore',
  metadata: { namespace, name },
  spec: {
    s3: {
      endpoint: 'main',
      bucket: 'evidence',
      credentialsRef: { name: 'keys' },
      ...(prefix !== undefined && { prefix }),
    },
  },
});

test('the root has the prefix, the namespace and the name', () => {
  expect(rootOf(store('a', 'b'))).toBe('holdfast.dev/a/b');
  expect(rootOf(store('a', 'b', 'x/y'))).toBe('x/y/holdfast.dev/a/b');
  expect(uriOf(store('a', 'b', 'x'))).toBe('s3://evidence/x/holdfast.dev/a/b');
});

/** What the CRD accepts as a prefix. */
function accepted(prefix: string): boolean {
  const path = resolve(import.meta.dirname, '../../../crds/holdfast.dev_evidencestores.yaml');
  const text = JSON.stringify(load(readFileSync(path, 'utf8')));
  const [, pattern = ''] = /"prefix":\{[^}]*?"pattern":"((?:[^"\\]|\\.)*)"/.exec(text) ?? [];
  const matches = new RegExp(JSON.parse(`"${pattern}"`) as string).test(prefix);
  return matches && prefix.length <= 100 && !prefix.split('/').includes('holdfast.dev');
}

test('no two stores have roots of which one is below the other, whatever prefixes the apiserver accepts', () => {
  const parts = [
    'holdfast.dev',
    'a',
    'b',
    'holdfast.dev/a',
    'holdfast.dev/a/b',
    'a/b',
    'holdfast.devx',
    'x.holdfast.dev',
  ];
  const joined = parts.flatMap((one) => [one, ...parts.map((two) => `${one}/${two}`)]);
  const prefixes = [undefined, ...new Set(joined.filter(accepted))];
  expect(prefixes.length).toBeGreaterThan(20);
  expect(accepted('holdfast.dev/a')).toBe(false);
  const names = ['a', 'b', 'holdfast.dev'];
  const roots = prefixes.flatMap((prefix) =>
    ['a', 'b'].flatMap((namespace) => names.map((name) => `${rootOf(store(namespace, name, prefix))}/`)),
  );
  expect(new Set(roots).size).toBe(roots.length);
  const sorted = roots.sort();
  for (const [at, root] of sorted.entries())
    for (const later of sorted.slice(at + 1)) expect(later.startsWith(root)).toBe(false);
});

test('a prefix that the apiserver would refuse opens nothing', () => {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  expect(() => locationOf(store('a', 'b', 'x/holdfast.dev/c/d'), credentials)).toThrow('no segment');
  expect(() => locationOf(store('a', 'b'), undefined)).toThrow('credentials');
});
