/** What `status` says of objects: nothing is well that is not known now. */
import { describe, expect, test } from '@jest/globals';
import { makeBaseline, makeDevice, now } from '../../../../test/builders/drift.ts';
import { makeWaiver } from '../../../../test/builders/waiver.ts';
import type { Condition, Resource } from '../../../api/v1alpha1/shared.ts';
import { areas, type Area } from './areas.ts';
import { summaryOf } from './summary.ts';
import { operatorText, summaryText } from './text.ts';

const area = (title: string): Area => areas.find((one) => one.title === title)!;

const condition = (type: string, status: Condition['status'], fields: Partial<Condition> = {}): Condition => ({
  ...{ type, status, reason: 'Said', message: `${type} ${status}`, lastTransitionTime: now.toISOString() },
  ...{ observedGeneration: 1, ...fields },
});

const saying = (object: Resource, ...conditions: Condition[]): Resource => ({ ...object, status: { conditions } });

describe('a host', () => {
  const device = makeDevice();
  const fine = condition('Compliant', 'True');
  const reachable = condition('Reachable', 'True');
  test.each<[string, Resource, string]>([
    ['that complies', saying(device, reachable, fine), 'compliant'],
    [
      'by waiver',
      saying(device, reachable, condition('Compliant', 'True', { reason: 'CompliantByWaiver' })),
      'compliant by waiver',
    ],
    ['that drifted', saying(device, reachable, condition('Compliant', 'False')), 'drifted'],
    [
      'that does not respond, although it complied',
      saying(device, condition('Reachable', 'False'), fine),
      'unreachable',
    ],
    ['without a status', device, 'unknown'],
    [
      'whose result is of an older declaration',
      saying({ ...device, metadata: { ...device.metadata, generation: 2 } }, reachable, fine),
      'unknown',
    ],
    [
      'without a baseline',
      saying(device, reachable, condition('Compliant', 'Unknown', { reason: 'NoBaseline' })),
      'without a baseline',
    ],
    [
      'that is suspended, although it complied',
      saying(makeDevice('web-01', { suspend: { reason: 'moved' } }), reachable, fine),
      'suspended',
    ],
  ])('%s', (_, object, state) => {
    expect(area('Hosts').stateOf(object, now)).toBe(state);
  });
});

test('a waiver that ends soon, or waits, is for somebody to see', () => {
  const waiver = (days: number, effective: Condition['status'], decision: string) => {
    const base = makeWaiver();
    const spec = { ...base.spec, expiryTime: new Date(now.getTime() + days * 86_400_000).toISOString() };
    const conditions = [condition('Effective', effective)];
    return {
      ...base,
      metadata: { ...base.metadata, generation: 1 },
      spec,
      status: { decision, conditions },
    } as unknown as Resource;
  };
  const stateOf = (object: Resource) => area('Waivers').stateOf(object, now);
  expect(stateOf(waiver(30, 'True', 'Approved'))).toBe('in force');
  expect(stateOf(waiver(6, 'True', 'Approved'))).toBe('ends within 7 days');
  expect(stateOf(waiver(30, 'False', 'Pending'))).toBe('waits for a decision');
  expect(stateOf(waiver(-1, 'False', 'Pending'))).toBe('over');
  // Of a newer operator.
  expect(stateOf(waiver(30, 'False', 'Escalated'))).toBe('unknown');
});

describe('the summary', () => {
  const drifted = (name: string, drift: string) => {
    const object = saying(makeDevice(name), condition('Reachable', 'True'), condition('Compliant', 'False'));
    return { ...object, status: { ...object.status, summary: { score: '1/9', drift, unknown: 0 } } } as Resource;
  };

  test('has the worst first: critical before many', () => {
    const objects = [drifted('a', '8 (0 critical)'), drifted('b', '1 (1 critical)'), drifted('c', '9')];
    const { concerns, moreConcerns } = summaryOf([{ area: area('Hosts'), objects }], now, 2);
    expect(concerns.map(({ name }) => name)).toEqual(['b', 'c']);
    expect(moreConcerns).toBe(1);
  });

  test('is not well where something could not be read', () => {
    const reads = [
      { area: area('Hosts'), objects: [saying(makeDevice(), condition('Compliant', 'True'))] },
      { area: area('Waivers'), unread: 'you may not list policywaivers.holdfast.dev in all namespaces' },
    ];
    const summary = summaryOf(reads, now, 10);
    expect(summary.isWell).toBe(false);
    expect(summaryText(summary, 'runs', 80)).toContain('Waivers           unknown: you may not list policywaivers');
  });

  test('of ten thousand hosts is one screen, in 80 and in 160 columns', () => {
    const objects = Array.from({ length: 10_000 }, (_, at) => drifted(`host-${at}`, `${at % 7}`));
    const reads = [
      { area: area('Hosts'), objects },
      {
        area: area('DeviceBaselines'),
        objects: [saying(makeBaseline(), condition('Compliant', 'False', { message: 'x '.repeat(200) }))],
      },
    ];
    for (const columns of [80, 160]) {
      const lines = summaryText(summaryOf(reads, now, 10), 'runs', columns).split('\n');
      expect(lines.length).toBeLessThan(40);
      expect(lines.filter((line) => line.length > columns)).toEqual([]);
      expect(lines).toContain('Hosts             10000: 10000 drifted');
    }
  });
});

test('an operator that does not renew its Lease does not run', () => {
  expect(operatorText(3, undefined)).toBe('runs');
  expect(operatorText(600, undefined)).toMatch(/^does not run since 10 minutes: what follows may be outdated/);
  expect(operatorText(undefined, 'you may not get leases')).toBe('unknown: you may not get leases');
  expect(operatorText(undefined, undefined)).toMatch(/^unknown: /);
});
