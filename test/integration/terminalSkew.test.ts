/**
 * The plugin against an operator of another version, by the definitions that this one has installed: of one before, a kind and fields are missing; of one
 * after, there are values that the plugin has never heard of. What is known is shown as ever; what is not is named, and never counts as a pass.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { load } from 'js-yaml';
import { reportName } from '../../operator/drift/driftReport/report.ts';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { runCommand } from '../fleet/command.ts';
import { apiVersion, crds } from '../operator/bed.ts';
import { Kubectl } from '../operator/kubectl.ts';
import { device, digest } from './fullObjects.ts';

const plugin = resolve(import.meta.dirname, '../../bin/kubectl-holdfast');

interface Definition {
  readonly spec: {
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: Schema } }[];
  };
}
interface Schema {
  readonly properties?: Record<string, Schema>;
  readonly items?: Schema;
  enum?: string[];
}
type Change = (kind: string, schema: Schema) => void;

const within = (schema: Schema, ...path: string[]): Schema =>
  path.reduce((at, name) => (name === '[]' ? at.items! : at.properties![name]!), schema);

/** Kinds that came last, and fields that came after their kinds. */
const kindsOfLate = ['CanaryRollout', 'EvidenceExport', 'EvidencePack', 'EvidenceStore', 'ServiceLevelObjective'];
const older: Change = (kind, schema) => {
  const status = schema.properties?.['status']?.properties ?? {};
  if (kind === 'Device') delete status['summary'];
  if (kind === 'Device') delete status['assigned'];
  if (kind === 'DeviceBaseline') for (const name of ['assignment', 'revisions']) delete status[name];
  if (kind === 'DriftReport') for (const name of ['findingsSince', 'moreFindings', 'afterRun']) delete status[name];
};

const newer: Change = (kind, schema) => {
  if (kind === 'Device') within(schema, 'status').properties!['riskScore'] = { type: 'integer' } as Schema;
  if (kind === 'DriftReport') {
    within(schema, 'status', 'result').enum!.push('Deferred');
    within(schema, 'status', 'findings', '[]', 'result').enum!.push('Deferred');
    within(schema, 'status', 'findings', '[]', 'severity').enum!.push('Catastrophic');
  }
  if (kind === 'PolicyWaiver') within(schema, 'status', 'decision').enum!.push('Escalated');
};

interface Skewed {
  readonly cluster: Cluster;
  readonly kubectl: Kubectl;
  run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }>;
}

async function installed(change: Change, without: readonly string[]): Promise<Skewed> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-skew-'));
  try {
    for (const name of (await readdir(crds)).filter((file) => file.endsWith('.yaml'))) {
      const definition = load(await readFile(join(crds, name), 'utf8')) as Definition;
      const { kind } = definition.spec.names;
      if (without.includes(kind)) continue;
      change(kind, definition.spec.versions[0]!.schema.openAPIV3Schema);
      await writeFile(join(folder, name.replace('yaml', 'json')), JSON.stringify(definition));
    }
    const cluster = await startCluster({ controllerManager: false, manifests: [folder] });
    const flags = ['--kubeconfig', cluster.kubeconfig, '-n', 'default'];
    const run = (...args: string[]) => runCommand([plugin, ...args, ...flags]);
    return { cluster, kubectl: new Kubectl(cluster), run };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** As the operator of that version would have written them. */
async function populate({ kubectl }: Skewed, result: 'Fail' | 'Deferred', severity: string): Promise<void> {
  const at = '2026-01-01T00:00:00Z';
  const condition = (type: string, status: string) => ({
    ...{ type, status, reason: 'Said', message: `${type} is ${status}`, lastTransitionTime: at, observedGeneration: 1 },
  });
  const say = async (object: object, status: object) => {
    const told = await kubectl.try(
      ['apply', '--server-side', '--subresource=status', '--filename', '-'],
      JSON.stringify({ ...object, status }),
    );
    expect(told.stderr).toBe('');
  };
  const one = (kind: string, name: string, spec: object) => ({ apiVersion, kind, metadata: { name }, spec });
  const host = one('Device', 'web-01', device);
  const checks = [{ name: 'motd', file: { path: '/etc/motd', state: 'Present' } }];
  const baseline = one('DeviceBaseline', 'rhel9', { selector: {}, checks });
  for (const object of [host, baseline])
    await kubectl.apply({ ...object, metadata: { ...object.metadata, namespace: 'default' } });
  const compliant = condition('Compliant', result === 'Fail' ? 'False' : 'Unknown');
  await say(host, { conditions: [condition('Ready', 'True'), condition('Reachable', 'True'), compliant] });
  await say(baseline, { conditions: [condition('Ready', 'True'), compliant], revision: digest });
  const uid = await kubectl.run('get', 'device', 'web-01', '--output=jsonpath={.metadata.uid}');
  const owner = { apiVersion, kind: 'Device', name: 'web-01', uid, controller: true };
  const labels = { 'holdfast.dev/device': 'web-01', 'holdfast.dev/baseline': 'rhel9' };
  const report = one('DriftReport', reportName('rhel9', 'web-01'), {});
  await kubectl.apply({
    ...report,
    metadata: { ...report.metadata, namespace: 'default', labels, ownerReferences: [owner] },
  });
  await say(report, {
    source: { kind: 'DeviceBaseline', name: 'rhel9', revision: digest },
    target: { kind: 'Device', name: 'web-01' },
    result,
    observedTime: at,
    summary: { pass: 0, fail: 1, waived: 0, unknown: 0, drift: '1' },
    findings: [{ check: 'motd', result, severity, path: 'content', expected: 'a', found: 'b', message: 'as found' }],
  });
}

let before: Skewed;
let after: Skewed;

beforeAll(async () => {
  before = await installed(older, kindsOfLate);
  after = await installed(newer, []);
  await populate(before, 'Fail', 'High');
  await populate(after, 'Deferred', 'Catastrophic');
}, 900_000);

afterAll(() => Promise.all([before.cluster.stop(), after.cluster.stop()]), 60_000);

/** In one line, without the indentation of a terminal. */
const flat = (text: string) => text.replace(/\s+/g, ' ');

describe('an operator of the version before', () => {
  test('status shows what there is, and names each kind that there is not', async () => {
    const { code, stdout, stderr } = await before.run('status');
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(stdout).toMatch(/^Hosts +1: 1 drifted$/m);
    expect(flat(stdout)).toContain(
      'Rollouts unknown: the apiserver does not serve canaryrollouts.holdfast.dev: the operator is older than this plugin, or its CRD is missing; run `kubectl holdfast doctor`',
    );
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test('why explains without the fields that came later', async () => {
    const { code, stdout, stderr } = await before.run('why', 'web-01');
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(flat(stdout)).toContain('Fail motd (high) │ content: expected a, found b; as found');
    expect(stdout).toContain('kubectl -n default patch devicebaseline rhel9');
  });

  test('results has the verdict', async () => {
    const { code, stdout, stderr } = await before.run('results', 'rhel9');
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(stdout).toContain('"fail"');
  });

  test('a verb of a kind that there is not leads to the sentence that says so', async () => {
    const { code, stderr } = await before.run('rollout', 'get', 'rhel9');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: CanaryRollout rhel9 does not exist .*; see `kubectl holdfast rollout get /);
    expect(await before.run('rollout', 'get')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^error: .*does not serve canaryrollouts\.holdfast\.dev: the operator is older/),
    });
  });

  test('doctor says that it is older, and what it lacks', async () => {
    const { stdout } = await before.run('doctor');
    expect(flat(stdout)).toMatch(/\d+ of 8 CRDs are (older|of another version) .*than this CLI, and lack/);
    expect(flat(stdout)).toContain('canaryrollouts.holdfast.dev');
  });
});

describe('an operator of the version after', () => {
  test('a result that the plugin does not know is unknown, not a pass, and its text is shown', async () => {
    const { code, stdout, stderr } = await after.run('why', 'web-01');
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(flat(stdout)).toContain('Unknown motd (catastrophic) │ content: expected a, found b; as found');
    const results = await after.run('results', 'rhel9');
    expect(results).toMatchObject({ code: 2, stderr: '' });
    expect(results.stdout).toContain('"unknown"');
    expect(results.stdout).not.toContain('"notApplicable"');
  });

  test('status counts it as unknown', async () => {
    const { code, stdout } = await after.run('status');
    expect(code).toBe(2);
    expect(stdout).toMatch(/^Hosts +1: 1 unknown$/m);
  });

  test('doctor says that it is newer, and to use the plugin of its version', async () => {
    const { stdout } = await after.run('doctor');
    expect(flat(stdout)).toMatch(/\d+ of 13 CRDs are newer than this CLI, and have .*; use the CLI of their version/);
  });
});
