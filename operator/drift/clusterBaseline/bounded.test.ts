import { expect, test } from '@jest/globals';
import { bounded } from './bounded.ts';
import { later, type ItemEvaluation, type NonCompliant } from './evaluation.ts';

const object = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name });
const fails = (at: number): NonCompliant => ({ is: 'fails', object: object(`f-${at}`), differences: [] });
const unknown = (at: number): NonCompliant => ({ is: 'unknown', object: object(`u-${at}`), message: 'costs too much' });
const evaluation = (name: string, nonCompliant: readonly NonCompliant[]): ItemEvaluation => ({
  item: { name, resource: { kind: 'ConfigMap' }, expression: 'true' },
  holds: 1,
  nonCompliant,
});

test('few are named each', () => {
  const evaluations = [evaluation('a', [fails(1), unknown(1)])];
  expect(bounded(evaluations, 2)).toBe(evaluations);
});

test('of many the first of each check are named, the others counted; what is said of no object stays', () => {
  const evaluations = [
    evaluation('a', [fails(1), fails(2), fails(3), unknown(1), ...later(7)]),
    evaluation('b', [fails(1)]),
  ];
  expect(bounded(evaluations, 4)).toMatchObject([
    { holds: 1, nonCompliant: [fails(1), fails(2), fails(3), unknown(1), ...later(7)] },
    { nonCompliant: [fails(1)] },
  ]);
  expect(bounded(evaluations, 2)).toMatchObject([
    { holds: 1, nonCompliant: [fails(1), fails(2), ...later(7)], unnamed: { drifted: 1, unknown: 1 } },
    { nonCompliant: [fails(1)] },
  ]);
});
