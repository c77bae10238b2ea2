/**
 * What `kubectl describe` shows of a fleet of 100 hosts. It prints all fields, sorted by name, so what is left to us is which fields there are: conditions come
 * first in a status, what sums it up comes last, where a terminal shows it without scrolling, and a status fits a screen unless it is a record.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { apiVersion, crds } from '../operator/bed.ts';
import { Kubectl } from '../operator/kubectl.ts';
import { device, digest, full } from './fullObjects.ts';

let cluster: Cluster;
let kubectl: Kubectl;

beforeAll(async () => {
  cluster = await startCluster({ controllerManager: false, manifests: [crds] });
  kubectl = new Kubectl(cluster);
}, 900_000);

afterAll(() => cluster.stop(), 60_000);

const at = '2026-11-27T09:00:00Z';
const hosts = Array.from({ length: 100 }, (_, index) => `web-${String(index + 1).padStart(3, '0')}`);
const condition = (type: string, status: string, reason: string, message: string) => ({
  ...{ type, status, reason, message, lastTransitionTime: at, observedGeneration: 1 },
});

/** As the operator writes it. */
const statuses: Record<string, { spec: object; status: object }> = {
  Device: {
    spec: device,
    status: {
      conditions: [
        condition('Ready', 'True', 'Evaluated', 'evaluated 2 baselines'),
        condition('Reachable', 'True', 'Connected', 'web-001 responds'),
        condition('Compliant', 'False', 'Drifted', '10 of 30 checks fail (3 critical); see DriftReport rhel9.web-001'),
      ],
      facts: { os: 'rhel', version: '9.6', kernel: '5.14.0-570', architecture: 'x86_64', hostname: 'web-001' },
      summary: { score: '20/30', drift: '10 (3 critical)', unknown: 0, revision: '1f2e3d4c' },
    },
  },
  DeviceBaseline: {
    spec: full['DeviceBaseline']!.spec,
    status: {
      conditions: [
        condition('Ready', 'True', 'Evaluated', 'evaluated 100 hosts'),
        condition('Compliant', 'False', 'Drifted', '12 of 100 hosts drifted: web-001, web-002, …'),
      ],
      devices: { total: 100, compliant: 88, drifted: 12, waived: 0, unknown: 0 },
      revision: digest,
      lastRun: 8,
      runs: hosts.slice(0, 8).map((_, index) => `0d9e1f7a-8f2b-4f0e-9a39-00000000000${index}`),
      summary: { compliant: '88/100', correction: 'Waiting', correctionMessage: 'MaintenanceWindow night is closed' },
      worst: hosts.slice(0, 5).map((one) => ({ device: one, standing: '2 checks fail (1 critical): sshd, motd' })),
    },
  },
  CanaryRollout: {
    spec: full['CanaryRollout']!.spec,
    status: {
      conditions: [
        condition('Ready', 'True', 'Evaluated', 'evaluated 100 hosts'),
        condition('Progressing', 'True', 'Soaking', 'step 2 of 3 soaks until 12:00: 50 of 50 hosts comply'),
      ],
      ...{ revision: digest, previousRevision: digest, step: 2, exposedPercent: 50 },
      ...{ startTime: at, stepStartTime: at, soakStartTime: at },
      fleet: { total: 100, targeted: 50, converged: 50, failed: 0, unreachable: 0, failureUpperBoundPercent: 6 },
      verdict: {
        ...{ result: 'Pass', time: at, message: 'all gates pass' },
        gates: [{ gate: 'findings', result: 'Pass', reason: 'None', message: 'no new findings' }],
      },
      summary: { revision: '1f2e3d4c', step: '2/3 50%', hosts: '50/50', state: 'Soaking 3 h' },
    },
  },
  EvidencePack: full['EvidencePack']!,
  EvidenceExport: full['EvidenceExport']!,
  AnsibleRun: {
    spec: { deviceNames: hosts, checks: [{ name: 'motd', file: { path: '/etc/motd', state: 'Present' } }] },
    status: {
      conditions: [condition('Succeeded', 'False', 'TooManyFailed', '97 of 100 hosts verified; web-003, … failed')],
      ...{ startTime: at, finishTime: at, completionTime: at, executor: 'Job', summary: '97/100 verified' },
      hosts: hosts.map((name) => ({ name, outcome: 'Verified' })),
    },
  },
  DriftReport: {
    spec: {},
    status: {
      source: { kind: 'DeviceBaseline', name: 'rhel9', revision: digest },
      target: { kind: 'Device', name: 'web-001' },
      ...{ result: 'Fail', observedTime: at, findingsSince: at },
      summary: { pass: 0, fail: 30, waived: 0, unknown: 0, drift: '30 (3 critical)' },
      findings: hosts
        .slice(0, 30)
        .map((check) => ({ check, result: 'Fail', severity: 'High', expected: 'a', found: 'b' })),
    },
  },
};

/** The lines of its status, as they are printed. */
async function described(kind: string): Promise<string[]> {
  const { spec, status } = statuses[kind]!;
  const object = { apiVersion, kind, metadata: { name: 'shown', namespace: 'default' }, spec };
  await kubectl.apply(object);
  const told = await kubectl.try(
    ['apply', '--server-side', '--subresource=status', '--filename', '-'],
    JSON.stringify({ ...object, status }),
  );
  expect(told.stderr).toBe('');
  const lines = (await kubectl.run('describe', kind.toLowerCase(), 'shown')).trimEnd().split('\n');
  return lines.slice(lines.indexOf('Status:') + 1).filter((line) => !line.startsWith('Events:'));
}

const screen = 50;

describe('a status is a screen', () => {
  test.each(['Device', 'DeviceBaseline', 'CanaryRollout', 'EvidencePack', 'EvidenceExport'])('%s', async (kind) => {
    const lines = await described(kind);
    expect({ lines, fits: lines.length <= screen }).toEqual({ lines, fits: true });
  });
});

test.each(['Device', 'DeviceBaseline', 'CanaryRollout', 'EvidencePack'])('conditions come first: %s', async (kind) => {
  expect((await described(kind))[0]).toBe('  Conditions:');
});

describe('what sums it up is last, also of a record of 100 hosts or 30 checks', () => {
  test.each([
    ['DeviceBaseline', /^ {4}Compliant: +88\/100$/],
    ['CanaryRollout', /^ {4}State: +Soaking 3 h$/],
    ['AnsibleRun', /^ {2}Summary: +97\/100 verified$/],
    ['DriftReport', /^ {4}Drift: +30 \(3 critical\)$/],
    ['Device', /^ {4}Score: +20\/30$/],
  ])('%s', async (kind, line) => {
    expect((await described(kind)).slice(-20)).toContainEqual(expect.stringMatching(line));
  });
});
