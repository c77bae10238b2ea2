/**
 * `kubectl holdfast validate` says what a real apiserver says: of every sample, of every way in which one field of a sample can be changed, and of what
 * people write by mistake. Both get the same documents; the apiserver as a dry run with strict validation of fields.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadAll } from 'js-yaml';
import { schemas } from '../../operator/api/generated/schemas.ts';
import { createValidator } from '../../operator/api/validator.ts';
import { Failure } from '../../operator/cli/command.ts';
import { shippedKinds, type ShippedKind } from '../../operator/cli/explain/kinds.ts';
import { processIo } from '../../operator/cli/processIo.ts';
import { validated, type Schemas } from '../../operator/cli/validate/object.ts';
import { readYaml } from '../../operator/cli/yaml.ts';
import { connectionOf } from '../../operator/runtime/connection.ts';
import { Http } from '../../operator/runtime/http.ts';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { mutationsOf } from '../faults/mutations/walk.ts';
import type { Schema } from '../faults/mutations/values.ts';
import { apiVersion, crds } from '../operator/bed.ts';
import { refusedGates } from './rolloutGateCases.ts';

const folder = resolve(import.meta.dirname, '../../manifests/samples');
const plugin = resolve(import.meta.dirname, '../../bin/kubectl-holdfast');

interface Written {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Record<string, unknown>;
  readonly spec?: unknown;
  readonly [more: string]: unknown;
}

const samples = readdirSync(folder).flatMap((file) => loadAll(readFileSync(join(folder, file), 'utf8')) as Written[]);

let cluster: Cluster;
let http: Http;
let known: Schemas;
let kinds: readonly ShippedKind[];

beforeAll(async () => {
  cluster = await startCluster({ controllerManager: false, manifests: [crds] });
  http = new Http(await connectionOf(cluster.kubeconfig), { timeoutSeconds: 30, userAgent: 'holdfast-test' });
  kinds = await shippedKinds(processIo());
  known = { kinds, validate: createValidator<string>(schemas) };
}, 900_000);

afterAll(async () => {
  await http.close();
  await cluster.stop();
}, 60_000);

const kindOf = (word: string): ShippedKind => kinds.find(({ kind }) => kind === word)!;

/** Undefined where it takes the object; otherwise what it says. */
async function refusal(object: Written): Promise<string | undefined> {
  const { plural, namespaced } = kindOf(object.kind);
  const place = namespaced ? 'namespaces/default/' : '';
  try {
    await http.json({
      ...{ verb: 'create', method: 'POST', body: object },
      path: `/apis/${apiVersion}/${place}${plural}?dryRun=All&fieldValidation=Strict`,
    });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function verdict(object: Written): string | undefined {
  const one = validated(object, known);
  if (one.is === 'foreign') return 'it is foreign';
  const refused = one.problems.filter(({ level }) => level === 'invalid');
  return refused.length > 0 ? refused.map(({ message }) => message).join(' ') : undefined;
}

interface Difference {
  readonly what: string;
  readonly apiserver: string | undefined;
  readonly plugin: string | undefined;
}

async function differences(
  cases: readonly { readonly what: string; readonly object: Written }[],
): Promise<Difference[]> {
  const found: Difference[] = [];
  const waiting = [...cases];
  const work = async (): Promise<void> => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      const [apiserver, ours] = [await refusal(one.object), verdict(one.object)];
      if ((apiserver === undefined) !== (ours === undefined)) found.push({ what: one.what, apiserver, plugin: ours });
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  return found;
}

test('of every sample: both take it', async () => {
  const cases = samples.map((object) => ({ what: `${object.kind} ${String(object.metadata['name'])}`, object }));
  for (const { what, object } of cases) expect({ what, says: verdict(object) }).toEqual({ what, says: undefined });
  expect(await differences(cases)).toEqual([]);
});

describe('of every way in which one field of a sample can be changed', () => {
  const first = [...new Map(samples.map((one) => [one.kind, one])).values()].filter(({ spec }) => spec !== undefined);
  test.each(first.map((object) => [object.kind, object] as const))(
    '%s',
    async (kind, object) => {
      const schema = kindOf(kind).schema.properties!['spec'] as Schema;
      const cases = mutationsOf(schema, object.spec).map(({ path, how, spec }) => ({
        what: `${kind} ${path} ${how}`,
        object: { ...object, spec },
      }));
      expect(cases.length).toBeGreaterThan(20);
      expect(await differences(cases)).toEqual([]);
    },
    300_000,
  );
});

const window: Written = {
  ...{ apiVersion, kind: 'MaintenanceWindow', metadata: { name: 'night' } },
  spec: { windows: [{ schedule: '0 2 * * 0', durationSeconds: 7200 }] },
};
const spec = window.spec as object;
const metadata = (more: object): Written => ({ ...window, metadata: { name: 'night', ...more } });
const hostsSpec = { selector: {}, checks: [{ name: 'a', file: { path: '/a' } }] };
const hosts: Written = { apiVersion, kind: 'DeviceBaseline', metadata: { name: 'hosts' }, spec: hostsSpec };
const guard = samples.find(({ kind }) => kind === 'ClusterBaseline')!;

/** What people write; of each, both have to say the same. */
const mistakes: readonly (readonly [string, Written])[] = [
  ['no metadata', { ...window, metadata: undefined as never }],
  ['no name', metadata({ name: undefined })],
  ['an empty name', metadata({ name: '' })],
  ['a name to be generated', metadata({ name: undefined, generateName: 'night-' })],
  ['a name in capitals', metadata({ name: 'Night' })],
  ['a name with _', metadata({ name: 'night_1' })],
  ['a name that ends with a point', metadata({ name: 'night.' })],
  ['a name of 254 letters', metadata({ name: 'a'.repeat(254) })],
  ['a name that is a number', metadata({ name: 7 })],
  ['a label that is a number', metadata({ labels: { os: 9 } })],
  ['a label that is a truth value', metadata({ labels: { os: true } })],
  ['a label without a value', metadata({ labels: { os: null } })],
  ['a label of 64 letters', metadata({ labels: { os: 'a'.repeat(64) } })],
  ['a label with a blank', metadata({ labels: { os: 'rhel 9' } })],
  ['a label whose key has two slashes', metadata({ labels: { 'a/b/c': 'x' } })],
  ['a label whose prefix has capitals', metadata({ labels: { 'Example.com/os': 'x' } })],
  ['a label whose key is in capitals', metadata({ labels: { OS: 'x' } })],
  ['an annotation with any value', metadata({ annotations: { 'example.com/why': 'because: "x"\n' } })],
  ['an annotation whose prefix has capitals', metadata({ annotations: { 'Example.com/why': 'x' } })],
  ['an annotation that is a number', metadata({ annotations: { why: 1 } })],
  ['annotations of 300 KiB', metadata({ annotations: { why: 'x'.repeat(300 * 1024) } })],
  ['labels that are a list', metadata({ labels: ['os'] })],
  ['an unknown field of the metadata', metadata({ label: { os: 'x' } })],
  ['an unknown field beside the spec', { ...window, specs: {} }],
  ['an unknown field in the status', { ...window, status: { nextOpen: 'x' } }],
  ['a wrong value in the status', { ...window, status: { nextOpenTime: 'x' } }],
  ['a list for a time', { ...window, spec: { ...spec, emergency: { reason: 'x', until: [] } } }],
  ['a day for a time', { ...window, spec: { ...spec, emergency: { reason: 'x', until: '2027-01-01' } } }],
  [
    'a day that does not exist',
    { ...window, spec: { ...spec, emergency: { reason: 'x', until: '2027-02-30T00:00:00Z' } } },
  ],
  [
    'a time with a zone',
    { ...window, spec: { ...spec, emergency: { reason: 'x', until: '2027-02-03T00:00:00+02:00' } } },
  ],
  ['null for what has a default', { ...window, spec: { ...spec, timeZone: null } }],
  ['null for what has none', { ...window, spec: { ...spec, freezes: null } }],
  [
    'null for an optional string',
    { ...window, spec: { ...spec, emergency: { reason: 'x', until: '2027-01-01T00:00:00Z', ticket: null } } },
  ],
  ['null for an optional object', { ...window, spec: { ...spec, suspend: null } }],
  ['null for an optional number', { ...hosts, spec: { ...hostsSpec, remediation: { serial: null } } }],
  ['null for an enum with a default', { ...hosts, spec: { ...hostsSpec, mode: null } }],
  [
    'null for an enum without one',
    { ...hosts, spec: { ...hostsSpec, checks: [{ name: 'a', file: { path: '/a' }, severity: null }] } },
  ],
  [
    'null for all but one of what excludes each other',
    { ...hosts, spec: { ...hostsSpec, checks: [{ name: 'a', file: { path: '/a' }, sshd: null }] } },
  ],
  ['null for a label of a selector', { ...hosts, spec: { ...hostsSpec, selector: { matchLabels: { os: null } } } }],
  [
    'null in a list of strings',
    { ...hosts, spec: { ...hostsSpec, checks: [{ name: 'a', file: { path: '/a' }, controls: [null] }] } },
  ],
  [
    'null for what is required in an item',
    { ...hosts, spec: { ...hostsSpec, checks: [{ name: null, file: { path: '/a' } }] } },
  ],
  ['null for an unknown field', { ...hosts, spec: { ...hostsSpec, cheks: null } }],
  ['null for what is required', { ...window, spec: { windows: null } }],
  ['null for the spec', { ...window, spec: null }],
  ['no spec', { ...window, spec: undefined }],
  ['a number in quotes', { ...window, spec: { windows: [{ schedule: '0 2 * * 0', durationSeconds: '7200' }] } }],
  ['a fraction', { ...window, spec: { windows: [{ schedule: '0 2 * * 0', durationSeconds: 7200.5 }] } }],
  ['a number beyond 32 bits', { ...window, spec: { windows: [{ schedule: '0 2 * * 0', durationSeconds: 2 ** 40 }] } }],
  ['an empty item', { ...window, spec: { windows: [{}] } }],
  ['an item that is null', { ...window, spec: { windows: [null] } }],
  [
    'a freeze that ends before it begins',
    {
      ...window,
      spec: { ...spec, freezes: [{ startTime: '2027-01-02T00:00:00Z', endTime: '2027-01-01T00:00:00Z', reason: 'x' }] },
    },
  ],
  ['another version', { ...window, apiVersion: 'holdfast.dev/v1' }],
  ['a namespace of what has none', { ...guard, metadata: { name: 'guard', namespace: 'default' } }],
  ...refusedGates.map(
    ([what, kind, gated]) => [what, { apiVersion, kind, metadata: { name: 'bad' }, spec: gated }] as const,
  ),
];

test('of what people write by mistake', async () => {
  expect(await differences(mistakes.map(([what, object]) => ({ what, object })))).toEqual([]);
});

/** By kubectl; undefined where it refuses the text. */
function kubectlReads(text: string): unknown {
  const words = [
    '--kubeconfig',
    cluster.kubeconfig,
    'create',
    '--dry-run=client',
    '--validate=false',
    '-o=json',
    '-f=-',
  ];
  const { status, stdout } = spawnSync(cluster.kubectl, words, { encoding: 'utf8', input: text });
  return status === 0 ? (JSON.parse(stdout) as { data: unknown }).data : undefined;
}

const settings = (data: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n${data}`;
const scalars =
  '1e3 1_000.5 +1 +0x1F -0x1F 0X1F 0B11 0O17 0o17 -0o17 017_7 0b1_1 -0b11 1_ 1__0 _1 08 0_8 089 .5 5. -.5 +.5 1.e3 1e400 1e1_0 00 007 0x 1:30 190:20:30.15 2001-12-15T02:59:43.1Z y n Y yEs on OFF TRUE tRUE Null nULL = << "<<" !!str 1 18446744073709551616 9223372036854775808 0x1ffffffffffffffff 1e21';

test('YAML is read as kubectl reads it, where it is read', () => {
  const keys = 'yes: 1\n  1.5: 2\n  0x10: 3\n  n: 4\n  017: 5';
  const merges = 'a: {<<: [{b: 1}, {b: 2, c: 2}], d: 3}\n  b: {<<: {f: 1}, f: 2}\n  c: {h: 1, <<: {i: 2}}';
  const words = scalars.split(/(?<!!!str) /);
  for (const data of [words.map((word, at) => `  k${at}: ${word}`).join('\n'), `  ${keys}`, `  ${merges}`]) {
    const read = readYaml(settings(data), 'f') as { data: unknown }[];
    expect(read.map((one) => one.data)).toEqual([kubectlReads(settings(data))]);
  }
});

test.each<[what: string, text: string, kubectl: unknown]>([
  ['a line that a character of YAML 1.1 begins', settings('  a: b\n  # c\u2028  d: e\n'), { a: 'b', d: 'e' }],
  ['another such line', settings('  a: |\n    b\u0085    c\n'), { a: 'b\nc\n' }],
  ['a key before a merge that has it', settings('  b: c\n  <<: {b: d}\n'), { b: 'd' }],
  ['what follows the end of a document', `${settings('  a: b')}\n...\n${settings('  c: d')}`, { a: 'b' }],
  ['a key twice', settings('  a: b\n  a: c\n'), { a: 'c' }],
  ['infinity', settings('  a: .inf\n'), undefined],
  ['a key that is null', settings('  ~: a\n'), undefined],
  ['a control character', settings('  a: "\u0001"\n'), undefined],
])('what kubectl refuses, or reads as others do not, is refused: %s', (_what, text, kubectl) => {
  expect(kubectlReads(text)).toEqual(kubectl);
  expect(() => readYaml(text, 'f')).toThrow(Failure);
});

test('the plugin on the samples, as a pipeline runs it', () => {
  const run = (...args: string[]) => spawnSync(plugin, ['validate', '-f', folder, ...args], { encoding: 'utf8' });
  const { status, stdout, stderr } = run();
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout.split('\n').at(-2)).toBe(`${samples.length} objects valid, 1 warning`);
  expect(run('-o', 'junit').stdout).toContain('<testsuite name="File ');
});
