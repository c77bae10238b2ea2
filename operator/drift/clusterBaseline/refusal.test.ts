/** What a real apiserver of 1.35 answers, and what is made of it. */
import { describe, expect, test } from '@jest/globals';
import { refusalOf } from './refusal.ts';

const refused = (status: number, message: string) => ({ is: 'refused', status, message }) as const;
const typed = 'failed to create typed patch object (default/app; apps/v1, Kind=Deployment): ';
const converted =
  'failed to convert new object (default/s; /v1, Kind=Secret) to proper version: unable to convert unstructured object to /v1, Kind=Secret: ';

describe('of the template', () => {
  test.each<[number, string, string]>([
    [500, `${typed}.spec.podSelectr: field not declared in schema`, 'spec.podSelectr: unknown field'],
    [
      500,
      'failed to create typed patch object (/x; /v1, Kind=Namespace): .metadata.labels.enabled: expected string, got &value.valueUnstructured{Value:true}',
      'metadata.labels.enabled: must be a string',
    ],
    [500, `${typed}.spec.replicas: expected numeric (int or float), got string`, 'spec.replicas: must be a number'],
    [
      500,
      `${typed}.spec.template.spec.containers: expected list, got &{map[name:x]}`,
      'spec.template.spec.containers: must be a list',
    ],
    [
      500,
      `${typed}errors:\n  .spec.template.spec.containers[name="c"].env: duplicate entries for key [name="FOO"]\n  .spec.template.spec.containers[name="c"].ports: duplicate entries for key [containerPort=93,protocol="TCP"]`,
      'spec.template.spec.containers[name="c"].env: has two items with name="FOO"; an apply merges them; spec.template.spec.containers[name="c"].ports: has two items with containerPort=93,protocol="TCP"; an apply merges them',
    ],
    [
      500,
      `${typed}.metadata.finalizers: duplicate entries for key [="a/b"]`,
      'metadata.finalizers: has two items with "a/b"; an apply merges them',
    ],
    [
      500,
      `${converted}error decoding from json: illegal base64 data at input byte 0`,
      'data is not base64; move plain text to `stringData`',
    ],
    [500, `${converted}cannot convert float64 to int32`, 'a number must be an integer'],
    [
      400,
      'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replicass", unknown field "spec.x"',
      'spec.replicass: unknown field; spec.x: unknown field',
    ],
    [
      400,
      'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
      'spec.replicas: must be an integer',
    ],
    [
      400,
      'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32',
      'spec.replicas: must be an integer',
    ],
    [
      400,
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"',
      '"yesterday" is not a valid time; write it like 2030-01-31T00:00:00Z',
    ],
    [
      422,
      ' "" is invalid: patch: Invalid value: "{\\"data\\":{\\"a\\":\\"hunter2\\"}}": strict decoding error: unknown field "spec.replicass"',
      'spec.replicass: unknown field',
    ],
  ])('%s %s', (status, message, sentence) => {
    expect(refusalOf(refused(status, message))).toEqual({ isOfTemplate: true, sentence });
  });
});

describe('of something else', () => {
  test.each<[number, string, string]>([
    [404, 'namespaces "nope" not found', 'namespace nope does not exist; create it'],
    [
      403,
      'configmaps "h" is forbidden: unable to create new content in namespace dying because it is being terminated',
      'namespace dying is being deleted',
    ],
    [503, 'service unavailable', 'its API is not available (503 service unavailable); check `kubectl get apiservices`'],
    [
      400,
      'admission webhook "a.example.com" does not support dry run because the effects are unknown',
      'the webhook a.example.com does not declare `sideEffects: None`, so a dry run is not possible',
    ],
    [
      422,
      'the server rejected our request due to an error in our request',
      'it has changed since it was read; it will be evaluated again',
    ],
    [
      422,
      'ConfigMap "A_B" is invalid: metadata.name: Invalid value: "A_B": must be lower case (e.g. \'example.com\', regex used for validation is \'[a-z]\')',
      'the apiserver would refuse the correction: ConfigMap "A_B" is invalid: metadata.name: Invalid value: "A_B": must be lower case (e.g. \'example.com\')',
    ],
    // What is said of managedFields of another version of the kind is not said of the template.
    [
      500,
      '.spec.accessPolicy: field not declared in schema',
      'the apiserver would refuse the correction: .spec.accessPolicy: field not declared in schema',
    ],
    [
      403,
      'admission webhook "a.example.com" denied the request: no',
      'the apiserver would refuse the correction: admission webhook "a.example.com" denied the request: no',
    ],
  ])('%s %s', (status, message, sentence) => {
    expect(refusalOf(refused(status, message))).toEqual({ isOfTemplate: false, sentence });
  });
});

test('of a Secret nothing is quoted', () => {
  const message = 'Secret "s" is invalid: data[a]: Invalid value: "aHVudGVyMg==": no';
  expect(refusalOf(refused(422, message), true).sentence).not.toContain('aHVudGVyMg');
  const patch =
    ' "" is invalid: patch: Invalid value: "{\\"data\\":{\\"a\\":\\"hunter2\\"}}": illegal base64 data at input byte 0';
  expect(refusalOf(refused(422, patch), true)).toEqual({
    isOfTemplate: true,
    sentence: 'data is not base64; move plain text to `stringData`',
  });
});
