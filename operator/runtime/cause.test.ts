import { expect, test } from '@jest/globals';
import { DROP, VALVE, valve } from '../../test/wire/valves.ts';
import type { Resource } from '../api/v1alpha1/shared.ts';
import { causeText } from './cause.ts';

const made = valve('main', { level: 1 }) as Resource;
const at = (generation: number, more: object = {}): Resource => ({
  ...made,
  metadata: { ...made.metadata, generation, ...more },
});
const ended = { ...at(1), status: { completionTime: '2026-01-01T00:00:00Z' } } as Resource;

test.each<[string, Resource | undefined, Resource | undefined]>([
  ['was created', undefined, made],
  ['was deleted', made, undefined],
  ['changed', at(1), at(2)],
  ['changed its status', at(1), { ...at(1), status: {} }],
  ['is being deleted', at(1), at(2, { deletionTimestamp: '2026-01-01T00:00:00Z' })],
  ['completed', at(1), ended],
  ['changed its status', ended, ended],
])('a wake-up says what happened: %s', (change, before, after) => {
  expect(causeText({ kind: VALVE, before, after })).toBe(`Valve default/main ${change}`);
});

test('what lies in no namespace is named alone', () => {
  const after = { ...made, metadata: { name: 'main' } };
  expect(causeText({ kind: { ...DROP, namespaced: false }, before: undefined, after })).toBe('Drop main was created');
});
