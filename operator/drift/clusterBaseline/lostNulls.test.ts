import { describe, expect, test } from '@jest/globals';
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import type { ObjectTemplate } from '../../api/v1alpha1/objectTemplate.ts';
import { lostNulls, withAppliedNulls } from './lostNulls.ts';

const itemOf = (spec: object) => ({ name: 'a', template: { spec } }) as unknown as ObjectTemplate;
const baseline = { metadata: { name: 'b', annotations: { mine: 'x' } } } as unknown as ClusterBaseline;
const applied = (spec: object) => JSON.stringify({ spec: { objects: [{ name: 'b' }, itemOf(spec)] } });
const lost = (before: object, now: object) => lostNulls(withAppliedNulls(baseline, applied(before)), itemOf(now));

// kubernetes/kubernetes#129456, open-cluster-management-io/config-policy-controller#289
describe('what is null in a template that was applied', () => {
  test.each<[string, object, object, string | undefined]>([
    ['at the top', { a: 1, b: null }, { a: 1 }, 'spec.b'],
    ['in a list', { list: [{ a: 1 }, { a: 1, b: null }] }, { list: [{ a: 1 }, { a: 1 }] }, 'spec.list[1].b'],
    ['in what is empty then', { a: { b: null } }, { a: {} }, 'spec.a.b'],
    ['at several places', { a: null, b: null, c: null, d: null }, {}, 'spec.a, spec.b, spec.c and 1 more'],
  ])('%s was lost, and is named', (_what, before, now, named) => {
    expect(lost(before, now)).toContain(`as null (${named})`);
  });

  test.each<[string, object, object]>([
    ['is there', { a: 1, b: null }, { a: 1, b: null }],
    ['is of another template: it was applied in another way since', { a: 1, b: null }, { a: 2 }],
    ['is only an item of a list', { a: [null] }, { a: [null] }],
    ['is only a word', { a: 'null' }, { a: 'null' }],
  ])('%s', (_what, before, now) => {
    expect(lost(before, now)).toBeUndefined();
  });

  test('is looked for only where it can be found', () => {
    expect(withAppliedNulls(baseline, applied({ a: 1 }))).toBe(baseline);
    expect(withAppliedNulls(baseline, undefined)).toBe(baseline);
    expect(lostNulls(withAppliedNulls(baseline, '{null'), itemOf({}))).toBeUndefined();
    expect(lostNulls(withAppliedNulls(baseline, 'null'), itemOf({}))).toBeUndefined();
  });
});
