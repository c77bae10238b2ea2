/** The samples are one story: what refers to something refers to another sample, so that they can be applied as a directory, into any namespace. */
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { loadAll } from 'js-yaml';
import type { AnsibleRun } from '../operator/api/v1alpha1/ansibleRun.ts';
import type { Approval } from '../operator/api/v1alpha1/approval.ts';
import type { Device } from '../operator/api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../operator/api/v1alpha1/deviceBaseline.ts';
import type { PolicyWaiver } from '../operator/api/v1alpha1/policyWaiver.ts';
import type { Resource } from '../operator/api/v1alpha1/shared.ts';
import { waiverDigest } from '../operator/findings/waiver/digest.ts';

const folder = resolve(import.meta.dirname, '../manifests/samples');
const samples = globSync('*', { cwd: folder }).flatMap(
  (file) => loadAll(readFileSync(join(folder, file), 'utf8')) as Resource[],
);
const sample = <T>(kind: string, name?: string): T => {
  const found = samples.find((one) => one.kind === kind && (name ?? one.metadata.name) === one.metadata.name);
  if (!found) throw new Error(`There is no sample ${kind} ${name ?? ''}.`);
  return found as T;
};

const device = sample<Device>('Device');
const waiver = sample<PolicyWaiver>('PolicyWaiver');

// kubectl refuses `-n fleet` for an object that says another namespace.
test('no sample says in which namespace it is, and no two are of one name', () => {
  expect(samples.filter(({ metadata }) => metadata.namespace)).toEqual([]);
  const names = samples.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  expect(new Set(names).size).toBe(names.length);
});

test('the Device is selected by the DeviceBaselines', () => {
  const baselines = samples.filter(({ kind }) => kind === 'DeviceBaseline') as DeviceBaseline[];
  expect(baselines.length).toBeGreaterThan(1);
  for (const { spec } of baselines) expect(device.metadata.labels).toMatchObject(spec.selector.matchLabels ?? {});
});

test('the PolicyWaiver is for a check of the baseline and for the Device', () => {
  const { source, checks, targets } = waiver.spec;
  const baseline = sample<DeviceBaseline>(source.kind, source.name);
  expect(baseline.spec.checks.map(({ name }) => name)).toEqual(expect.arrayContaining(checks));
  expect(targets.names).toEqual([device.metadata.name]);
});

// A comma in a list in brackets ends a string that is not in quotation marks.
test('no sentence is cut in two', () => {
  expect(waiver.spec.compensatingControls?.filter((text) => !/^[A-Z].*\.$/.test(text))).toEqual([]);
});

test('the Approval is of that PolicyWaiver as it is, by someone else', () => {
  const { spec } = sample<Approval>('Approval');
  expect(sample(spec.subjectRef.kind, spec.subjectRef.name)).toBe(waiver);
  expect(spec.subjectDigest).toBe(waiverDigest(waiver.spec));
  expect(spec.approver).not.toBe(waiver.spec.requestedBy);
});

test('the AnsibleRun changes nothing by being applied: it undoes what the baseline will be the first to do', () => {
  const { spec } = sample<AnsibleRun>('AnsibleRun');
  expect(spec.revertOf?.name).toBe(`${sample<DeviceBaseline>('DeviceBaseline', 'rhel9').metadata.name}-1`);
});
