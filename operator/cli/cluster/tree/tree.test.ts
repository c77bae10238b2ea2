/** Trees of objects as tests make them: who belongs to whom, what is not believed, what could not be read, and how much is shown. */
import { describe, expect, test } from '@jest/globals';
import {
  havingCreated,
  makeBaseline,
  makeDevice,
  makeFinding,
  makeReport,
  makeRun,
  motd,
  now,
} from '../../../../test/builders/drift.ts';
import { makeWaiver } from '../../../../test/builders/waiver.ts';
import type { Condition } from '../../../api/v1alpha1/shared.ts';
import type { Device } from '../../../api/v1alpha1/device.ts';
import type { DriftReport } from '../../../api/v1alpha1/driftReport.ts';
import { revisionOf } from '../../../drift/driftReport/report.ts';
import { Hosts, slimDevice } from './hosts.ts';
import { isAllWell, nodeJson, nodesText } from './node.ts';
import { baselineTree, clusterTree, deviceTree, type Belongings } from './trees.ts';
import type { ClusterBaseline } from '../../../api/v1alpha1/clusterBaseline.ts';

const condition = (type: string, status: string, message = 'it responds'): Condition =>
  ({ type, status, reason: 'Because', message, observedGeneration: 1, lastTransitionTime: '' }) as Condition;
const device = (name: string, reachable = 'True', compliant = 'True'): Device => ({
  ...makeDevice(name),
  status: {
    conditions: [condition('Reachable', reachable, `${name} does not respond`), condition('Compliant', compliant)],
  },
});
const run = (name: string, hosts: string[], succeeded = 'True') =>
  makeRun(
    name,
    { deviceNames: hosts, baselineRef: { name: 'rhel9' } },
    {
      completionTime: '2026-02-27T11:00:00Z',
      conditions: [condition('Succeeded', succeeded, '1 of 2 hosts failed')],
    },
  );
const nothing: Belongings = { devices: [], rollouts: [], runs: [], waivers: [], now };
const baseline = {
  ...makeBaseline(),
  status: { conditions: [condition('Compliant', 'False', '1 of 4 hosts drifted')] },
};
const hosts = ['web-01', 'web-02', 'web-03', 'web-04'].map((name) =>
  device(name, name === 'web-03' ? 'False' : 'True'),
);
const report = (one: Device, failing: boolean): DriftReport =>
  makeReport(baseline, one, failing ? [makeFinding(motd)] : [], {
    source: { kind: 'DeviceBaseline', name: 'rhel9', revision: revisionOf(baseline) },
  });

function hostsWith(reports: readonly DriftReport[]): Hosts {
  const all = new Hosts(hosts.map(slimDevice), [baseline]);
  for (const one of reports) all.add(one, now);
  return all;
}

const [first, second, third] = hosts as [Device, Device, Device];

describe('of a baseline', () => {
  const runs = [run('rhel9-1', ['web-01', 'web-02'], 'False'), run('rhel9-2', ['web-01'])];
  const made = havingCreated(baseline, runs);
  const root = baselineTree(made, hostsWith([report(first, true), report(second, false)]), {
    ...nothing,
    runs: [...runs, run('rhel9-9', ['web-01'])],
    waivers: [makeWaiver(), makeWaiver({ source: { kind: 'DeviceBaseline', name: 'other' } }, undefined, 'others')],
  });

  test('the worst host comes first, with its report and the last run on it; what was not evaluated is unknown', () => {
    const devices = root.children.filter(({ kind }) => kind === 'Device');
    expect(devices.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'web-01 drifted',
      'web-03 unreachable',
      'web-04 unknown',
      'web-02 compliant',
    ]);
    expect(devices[0]?.children.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'DriftReport rhel9.web-01',
      'AnsibleRun rhel9-2',
    ]);
    expect(isAllWell(root)).toBe(false);
  });

  // https://github.com/ahmetb/kubectl-tree/issues/42: children are found by what was recorded, whatever else they say.
  test('a run that only names the baseline is none of it, and is reported', () => {
    expect(root.children.filter(({ kind }) => kind === 'AnsibleRun').map(({ name }) => name)).toEqual([
      'rhel9-2',
      'rhel9-1',
    ]);
    expect(root.notes).toEqual(['ignored: 1 AnsibleRun that names it, such as rhel9-9, and that it did not create']);
  });

  test('waivers of other baselines are not beside it', () => {
    expect(root.children.filter(({ kind }) => kind === 'PolicyWaiver').map(({ name }) => name)).toEqual([
      'legacy-motd',
    ]);
  });

  test('a failure that a later run made good is shown, and is no longer one', () => {
    const ill = root.children.filter(({ kind, isWell }) => kind === 'AnsibleRun' && !isWell);
    expect(ill).toEqual([]);
  });

  test('of many, the first are shown, and the others are counted by their states', () => {
    const text = nodesText([root], 2);
    expect(text).toContain('Device web-01: drifted');
    expect(text).not.toContain('Device web-04');
    expect(text).toContain('and 2 more Devices: 1 unknown, 1 compliant');
    expect(JSON.stringify(nodeJson(root))).toContain('"web-04"');
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
});

describe('what is not believed', () => {
  const copied = { ...report(second, false), metadata: { ...report(first, false).metadata } };
  const foreign = (change: Partial<DriftReport['metadata']>): DriftReport => {
    const one = report(first, false);
    return { ...one, metadata: { ...one.metadata, ...change } };
  };
  test.each([
    ['of another host', copied],
    ['without an owner', foreign({ ownerReferences: [] })],
    [
      'whose owner was an earlier Device of that name',
      foreign({
        ownerReferences: [
          { apiVersion: 'holdfast.dev/v1alpha1', kind: 'Device', name: 'web-01', uid: 'old', controller: true },
        ],
      }),
    ],
    ['of another name', foreign({ name: 'forged' })],
  ])('a report %s makes no host compliant, and is named', (_, forged) => {
    const root = baselineTree(baseline, hostsWith([forged]), nothing);
    expect(root.children.map(({ state }) => state)).not.toContain('compliant');
    expect(root.notes.join()).toContain(
      `ignored: DriftReport ${forged.metadata.name}, which says that it is about a host`,
    );
  });

  test('a report on other checks than those that are declared is unknown', () => {
    const later = { ...baseline, spec: { ...baseline.spec, checks: [motd] } };
    const seen = new Hosts(hosts, [later]);
    seen.add(report(second, false), now);
    expect(baselineTree(later, seen, nothing).children.find(({ name }) => name === 'web-02')?.state).toBe('unknown');
  });
});

// https://github.com/ahmetb/kubectl-tree/issues/14, /60, /103: one kind that may not be listed must not end it all.
describe('what may not be read', () => {
  const denied = { unread: 'you may not list x in namespace fleet' };
  test('is named, makes nothing well, and stops nothing else', () => {
    const compliant = { ...baseline, status: { conditions: [condition('Compliant', 'True')] } };
    const all = hostsWith(hosts.map((one) => report(one, false)));
    const root = baselineTree(compliant, all, { ...nothing, runs: denied, waivers: denied });
    expect(root.notes).toEqual([`PolicyWaivers unknown: ${denied.unread}`, `AnsibleRuns unknown: ${denied.unread}`]);
    expect(root.children.filter(({ kind }) => kind === 'Device')).toHaveLength(4);
    expect(isAllWell(root)).toBe(false);
  });

  test('without reports, no host is known', () => {
    const root = baselineTree(baseline, hostsWith([]), { ...nothing, reportsUnread: denied.unread });
    expect(root.children.map(({ state }) => state)).toEqual(['unreachable', 'unknown', 'unknown', 'unknown']);
    expect(root.notes).toEqual([`DriftReports unknown: ${denied.unread}`]);
  });
});

// https://github.com/ahmetb/kubectl-tree/issues/37: what a thing belongs to is asked as often as what belongs to it.
describe('of a host', () => {
  test('all that concerns it, and runs by others apart', () => {
    const runs = [run('rhel9-1', ['web-01'])];
    const other = makeBaseline({ selector: { matchLabels: { os: 'none' } } }, 'none');
    const made = havingCreated(baseline, runs);
    const all = hostsWith([report(first, true)]);
    const root = deviceTree(first, [made, other], all, {
      ...nothing,
      runs: [...runs, makeRun('patch', { deviceNames: ['web-01'] }), makeRun('else', { deviceNames: ['web-02'] })],
      waivers: [makeWaiver(), makeWaiver({ targets: { names: ['web-02'] } }, undefined, 'of-another')],
    });
    expect(root.children.map(({ kind, name, state }) => `${kind} ${name} ${state}`)).toEqual([
      'DeviceBaseline rhel9 drifted (Inform)',
      'AnsibleRun patch waits',
    ]);
    expect(root.children[0]?.children.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'DriftReport rhel9.web-01',
      'PolicyWaiver legacy-motd',
      'AnsibleRun rhel9-1',
    ]);
  });

  test('a host that no baseline selects is not well', () => {
    const root = deviceTree(third, [], new Hosts([third], []), nothing);
    expect(root.state).toBe('unreachable');
    expect(root.notes).toEqual(['no DeviceBaseline selects it, so that nothing is evaluated']);
  });
});

test('of a ClusterBaseline: its own reports alone', () => {
  const cluster = {
    apiVersion: 'holdfast.dev/v1alpha1',
    kind: 'ClusterBaseline',
    metadata: { name: 'guard', uid: 'uid-guard', generation: 1 },
    spec: { serviceAccountRef: { namespace: 'platform', name: 'guard' } },
    status: { conditions: [condition('Compliant', 'False', '1 object drifted')] },
  } as unknown as ClusterBaseline;
  const owned = (name: string, namespace: string, uid: string): DriftReport =>
    ({
      metadata: { name, ownerReferences: [{ kind: 'ClusterBaseline', uid, controller: true }] },
      status: { target: { kind: 'Namespace', name: namespace }, result: 'Fail', summary: { drift: '1' } },
    }) as unknown as DriftReport;
  const reports = [owned('guard.namespace.shop', 'shop', 'uid-guard'), owned('guard.namespace.crm', 'crm', 'forged')];
  const root = clusterTree(cluster, reports, [], now);
  expect(root.children.map(({ name, state, message }) => `${name} ${state} ${message}`)).toEqual([
    'guard.namespace.shop drifted 1 of Namespace shop',
  ]);
});

test('what objects say moves no cursor', () => {
  const text = nodesText(
    [
      baselineTree(
        { ...baseline, status: { conditions: [condition('Compliant', 'False', 'a\x1b[2J\r\u202eb')] } },
        hostsWith([]),
        nothing,
      ),
    ],
    5,
  );
  expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e]/);
});

test('10,000 hosts are sorted and counted, and one screen is shown', () => {
  const many = Array.from({ length: 10_000 }, (_, at) => device(`web-${at}`));
  const all = new Hosts(many.map(slimDevice), [baseline]);
  for (const one of many) all.add(report(one, one.metadata.name.endsWith('99')), now);
  const runs = Array.from({ length: 250 }, (_, at) =>
    run(
      `rhel9-${at + 1}`,
      many.slice(at * 40, at * 40 + 40).map(({ metadata }) => metadata.name),
    ),
  );
  const text = nodesText([baselineTree(havingCreated(baseline, runs), all, { ...nothing, runs })], 10);
  expect(text).toContain('and 9990 more Devices: 90 drifted, 9900 compliant');
  expect(text.split('\n').length).toBeLessThan(70);
});
