import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { crdPath, crdYaml, kustomizationYaml, toYaml } from './crd.ts';
import type { Kind } from './schema.ts';
import { readSpec } from './testdata/readSpec.ts';

function readKind(fields = '', tags: readonly string[] = []): Kind {
  const { kind } = readSpec(fields, '', tags);
  if (!kind) throw new Error('The kind of the test cannot be read.');
  return kind;
}

describe('the CRD of a kind', () => {
  test('is named, scoped and versioned as the API server wants it, with a header that names its source', () => {
    const kind = readKind('', ['@printcolumn Age date .metadata.creationTimestamp']);
    expect(crdPath(kind)).toBe('crds/holdfast.dev_things.yaml');
    const yaml = crdYaml(kind);
    expect(yaml).toMatch(/^# Generated from thing.ts; change that and run `make generate`.\n/);
    expect(load(yaml)).toMatchObject({
      apiVersion: 'apiextensions.k8s.io/v1',
      metadata: { name: 'things.holdfast.dev' },
      spec: {
        group: 'holdfast.dev',
        scope: 'Namespaced',
        names: { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList', categories: ['holdfast'] },
        versions: [
          {
            name: 'v1alpha1',
            served: true,
            storage: true,
            additionalPrinterColumns: [{ name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' }],
            schema: { openAPIV3Schema: { type: 'object', required: ['spec'] } },
          },
        ],
      },
    });
  });

  // https://github.com/ricsanfre/pi-cluster/issues/93: what is empty and written was OutOfSync for ever.
  test('has no empty properties, which the API server would not store', () => {
    expect(crdYaml(readKind(''))).not.toContain('properties: {}');
  });

  test('has a status subresource only with a status', () => {
    const kind = readKind();
    expect(crdYaml(kind)).not.toContain('subresources');
    const { properties } = kind.schema;
    const withStatus = { ...kind, schema: { ...kind.schema, properties: { ...properties, status: {} } } };
    expect(crdYaml(withStatus)).toContain('subresources:\n        status: {}');
  });

  test('has nothing of the model that the API server does not know', () => {
    const fields = '/** N. @maxLength 5 */\nname?: Name;';
    const { kind } = readSpec(fields, '/** @maxLength 9 */\ntype Name = string;');
    expect(kind?.schema.properties?.spec?.properties?.name?.alias?.name).toBe('Name');
    expect(kind && crdYaml(kind)).not.toContain('alias');
  });

  test('keeps the order of the fields and the same bytes on every run', () => {
    const fields = '/** B. */\nb?: boolean;\n/** A. */\na?: boolean;';
    const yaml = crdYaml(readKind(fields));
    expect(yaml.indexOf(' b:')).toBeLessThan(yaml.indexOf(' a:'));
    expect(crdYaml(readKind(fields))).toBe(yaml);
  });

  test('that kubectl could not apply for its size is refused with the way out', () => {
    const kind = readKind();
    const huge = { ...kind, schema: { ...kind.schema, description: 'x'.repeat(250_000) } };
    expect(() => crdYaml(huge)).toThrow('The CRD of Thing is larger than 250000 bytes; move a part of it');
  });
});

test('words that YAML 1.1 takes for booleans or numbers are quoted, since Kubernetes reads them so', () => {
  expect(toYaml(['no', 'on', 'y', '0644', '1:30', '1e3'])).toBe("- 'no'\n- 'on'\n- 'y'\n- '0644'\n- '1:30'\n- '1e3'\n");
});

test('the kustomization lists all CRDs', () => {
  expect(load(kustomizationYaml([readKind()]))).toMatchObject({ resources: ['holdfast.dev_things.yaml'] });
});
