/** What a real apiserver of 1.35 answers, and what is made of it. */
import { describe, expect, test } from '@jest/globals';
import { bearingOf, refusalOf, type Refusal } from './refusal.ts';

const refused = (status: number, message: string) => ({ is: 'refused', status, message }) as const;
const time = new Date('2026-11-26T00:00:00Z');
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
    expect(refusalOf(refused(status, message))).toEqual({ is: 'template', sentence });
  });
});

const conflict =
  'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again';
const changed = 'it has changed since it was read; it will be evaluated again';

describe('of something else', () => {
  test.each<[number, string, Refusal['is'], string]>([
    [404, 'namespaces "nope" not found', 'refused', 'namespace nope does not exist; create it'],
    [
      400,
      'admission webhook "a.example.com" does not support dry run because the effects are unknown',
      'refused',
      'the webhook a.example.com does not declare `sideEffects: None`, so a dry run is not possible',
    ],
    [
      422,
      'ConfigMap "A_B" is invalid: metadata.name: Invalid value: "A_B": must be lower case (e.g. \'example.com\', regex used for validation is \'[a-z]\')',
      'refused',
      'the apiserver would refuse the correction: ConfigMap "A_B" is invalid: metadata.name: Invalid value: "A_B": must be lower case (e.g. \'example.com\')',
    ],
    // What is said of managedFields of another version of the kind is not said of the template.
    [
      500,
      '.spec.accessPolicy: field not declared in schema',
      'refused',
      'the apiserver would refuse the correction: .spec.accessPolicy: field not declared in schema',
    ],
  ])('%s %s', (status, message, is, sentence) => {
    expect(refusalOf(refused(status, message))).toEqual({ is, sentence });
  });

  // A webhook chooses the status with which it denies.
  test.each([400, 403, 409, 422, 429, 500, 503])('a webhook that denies with %d denies', (status) => {
    const message = 'admission webhook "a.example.com" denied the request: no';
    expect(refusalOf(refused(status, message)).is).toBe('refused');
    expect(refusalOf(refused(status, 'admission webhook "a" denied the request without explanation')).is).toBe(
      'refused',
    );
  });
  test.each([401, 403, 413, 422])('a policy that denies with %d denies', (status) => {
    const message = `configmaps "a" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no`;
    expect(refusalOf(refused(status, message)).is).toBe('refused');
  });
});

describe('of an object that is another by now', () => {
  test.each<[number, string]>([
    [409, conflict],
    [409, 'configmaps "a" already exists'],
    [
      409,
      'Operation cannot be fulfilled on configmaps "a": uid mismatch: the provided object specified uid 1, and no existing object was found',
    ],
    [422, 'the server rejected our request due to an error in our request'],
    [404, 'configmaps "a" not found'],
  ])('%s %s', (status, message) => {
    expect(refusalOf(refused(status, message))).toEqual({ is: 'changed', sentence: changed });
    expect(bearingOf({ ...refused(status, message), time })).toBe('untried');
  });
});

describe('of nothing that was decided', () => {
  test.each<[number, string, RegExp]>([
    [429, 'too many requests, please try again later', /did not decide \(429 too many/],
    [500, 'etcdserver: request timed out', /did not decide \(500 etcdserver/],
    [
      500,
      'Internal error occurred: failed calling webhook "a.example.com": failed to call webhook: Post "https://a.svc:443/?timeout=10s": context deadline exceeded',
      /^the webhook a\.example\.com does not respond in time/,
    ],
    [502, 'Bad Gateway', /did not decide/],
    [503, 'service unavailable', /^its API is not available \(503/],
    [504, 'Timeout: request did not complete within requested timeout - context deadline exceeded', /did not decide/],
    [408, 'Request Timeout', /did not decide/],
    [410, 'The resource version is too old', /did not decide/],
    [401, 'Unauthorized', /did not decide/],
    // The CRD is being installed again.
    [404, 'the server could not find the requested resource', /did not decide/],
    [
      403,
      'configmaps "h" is forbidden: unable to create new content in namespace dying because it is being terminated',
      /^namespace dying is being deleted$/,
    ],
  ])('%s %s', (status, message, sentence) => {
    const is = refusalOf(refused(status, message));
    expect(is).toEqual({ is: 'passing', sentence: expect.stringMatching(sentence) });
    expect(bearingOf({ ...refused(status, message), time })).toBe('undecided');
  });
  test('what was not answered may have been done, and what was not begun was not tried', () => {
    expect(bearingOf({ is: 'unanswered', time })).toBe('undecided');
    expect(bearingOf(undefined)).toBe('undecided');
    expect(bearingOf({ is: 'skipped', time })).toBe('untried');
  });
  test('a refusal, and what is not known, counts', () => {
    expect(bearingOf({ ...refused(403, 'no'), time })).toBe('failed');
    expect(bearingOf({ is: 'ineffective', time })).toBe('failed');
  });
});

test('of a Secret nothing is quoted', () => {
  const message = 'Secret "s" is invalid: data[a]: Invalid value: "aHVudGVyMg==": no';
  expect(refusalOf(refused(422, message), true).sentence).not.toContain('aHVudGVyMg');
  const patch =
    ' "" is invalid: patch: Invalid value: "{\\"data\\":{\\"a\\":\\"hunter2\\"}}": illegal base64 data at input byte 0';
  expect(refusalOf(refused(422, patch), true)).toEqual({
    is: 'template',
    sentence: 'data is not base64; move plain text to `stringData`',
  });
});
