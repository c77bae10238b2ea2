/** The run that a baseline creates, and what is recorded of it before. Pure. */
import { resources } from '../../api/generated/resources.ts';
import type { AnsibleRunSpec } from '../../api/v1alpha1/ansibleRun.ts';
import type { CreatingRun, DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { Action, Intent } from '../../runtime/feature.ts';
import { digestOf } from '../../lib/digest.ts';
import { labelled } from '../../lib/names.ts';
import { hostCorrections, type Correction } from '../corrections.ts';
import { lastNumber, nextRunName } from '../ownRuns.ts';
import type { NextUndo } from '../revision/undo.ts';
import type { BaselineWorld } from './observe.ts';

export function nextName(baseline: DeviceBaseline, { runs, takenNames }: BaselineWorld): string {
  return nextRunName(baseline.metadata.name, lastNumber(baseline, runs), takenNames);
}

/** What is recorded of a run before it is created, and its creation, which adds its uid to the record. */
export function creationOf(run: Intent): { record: CreatingRun; actions: readonly Action[] } {
  return {
    record: { name: run.metadata.name, digest: digestOf(run['spec']) },
    actions: [{ do: 'create', kind: resources.AnsibleRun, object: run, uidAt: ['creating', 'uid'] }],
  };
}

export function runOf(baseline: DeviceBaseline, corrections: Correction[], name: string, revision: string): Intent {
  const { metadata } = baseline;
  const { backend, playbookRef, serial, maxFailPercentage, forks, timeoutSeconds } = baseline.spec.remediation ?? {};
  const wanted = new Set(corrections.map(({ check }) => check));
  const spec: AnsibleRunSpec = {
    mode: 'Apply',
    deviceNames: [...new Set(corrections.map(({ device }) => device))],
    checks: baseline.spec.checks.filter((check) => wanted.has(check.name)),
    ...(playbookRef && { playbook: { configMapRef: playbookRef } }),
    backend: backend ?? 'Job',
    forks: forks ?? 10,
    timeoutSeconds: timeoutSeconds ?? 1800,
    maxFailPercentage: maxFailPercentage ?? 20,
    ...(serial && { serial }),
    baselineRef: { name: metadata.name },
    revision,
    corrections: hostCorrections(corrections),
  };
  return { ...ownedRun(baseline, name), spec };
}

/** The run that undoes another on some of its hosts. */
export function undoRunOf(baseline: DeviceBaseline, { run, devices }: NextUndo, name: string): Intent {
  const { backend, forks, timeoutSeconds } = baseline.spec.remediation ?? {};
  const spec: AnsibleRunSpec = {
    mode: 'Apply',
    revertOf: { name: run.metadata.name },
    deviceNames: [...devices],
    backend: backend ?? 'Job',
    forks: forks ?? 10,
    timeoutSeconds: timeoutSeconds ?? 1800,
    baselineRef: { name: baseline.metadata.name },
  };
  return { ...ownedRun(baseline, name), spec };
}

function ownedRun({ apiVersion, kind, metadata }: DeviceBaseline, name: string): Intent {
  return {
    apiVersion,
    kind: 'AnsibleRun',
    metadata: {
      name,
      namespace: metadata.namespace,
      labels: { 'app.kubernetes.io/managed-by': 'holdfast', ...labelled({ 'holdfast.dev/baseline': metadata.name }) },
      ownerReferences: [{ apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '', controller: true }],
    },
  };
}
