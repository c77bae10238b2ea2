import { expect, test } from '@jest/globals';
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import { after, makeRun } from '../../../test/builders/drift.ts';
import { comesFirst, isItsTurn } from './turns.ts';

/** `a-1` is a run of namespace `a`, made so many seconds after the others. */
function run(name: string, status: AnsibleRun['status'] = {}, backend: 'Local' | 'Job' = 'Local'): AnsibleRun {
  const made = makeRun(name, { backend }, status);
  const [namespace = '', seconds] = name.split('-');
  return { ...made, metadata: { ...made.metadata, namespace, creationTimestamp: after(Number(seconds)) } };
}
const started = { startTime: after(-5) };
const waits = (reason: string): AnsibleRun['status'] => ({
  conditions: [{ type: 'Succeeded', status: 'Unknown', reason, message: '', lastTransitionTime: after(-5) }],
});

test.each<[string, AnsibleRun[], string[]]>([
  ['all that there is room for', [run('a-1'), run('a-2')], ['a-1', 'a-2']],
  ['the oldest of a namespace, and at most half of all places', [run('a-3'), run('a-1'), run('a-2')], ['a-1', 'a-2']],
  [
    'those of the namespace that has the fewest',
    [run('a-1', started), run('a-2'), run('b-8'), run('b-9')],
    ['a-2', 'b-8'],
  ],
  [
    'nobody who would have more than stays free',
    [run('a-1', started), run('b-1', started), run('a-2'), run('b-2')],
    ['a-2'],
  ],
  [
    'a third namespace, whatever two others wait for',
    [run('a-1', started), run('b-1', started), run('a-2'), run('b-2'), run('c-9')],
    ['c-9'],
  ],
  [
    'none when all places are taken',
    [...['a-1', 'a-2', 'b-1', 'b-2'].map((name) => run(name, started)), run('c-1')],
    [],
  ],
  [
    'one for whom a complete run makes room',
    [run('a-1', { ...started, completionTime: after(-1) }), run('a-2')],
    ['a-2'],
  ],
  [
    'not those that wait for something else',
    [run('a-1', waits('PlaybookNotFound')), run('a-2'), run('a-3')],
    ['a-2', 'a-3'],
  ],
  ['those that waited for their turn', [run('a-1', waits('TooManyRuns'))], ['a-1']],
  ['whatever Jobs there are', [run('a-1', started, 'Job'), run('a-2', started, 'Job'), run('a-3')], ['a-3']],
])('of runs that wait it is the turn of %s', (_, all, names) => {
  const fresh = all.filter(({ spec, status }) => spec.backend === 'Local' && !status?.startTime);
  const asked = fresh.filter(({ status }) => !status?.conditions?.some(({ reason }) => reason === 'PlaybookNotFound'));
  expect(asked.filter((one) => isItsTurn(one, all, 4)).map(({ metadata }) => metadata.name)).toEqual(names);
});

test.each<[string, AnsibleRun, boolean]>([
  ['an older one that waits for its hosts as well', run('a-1', waits('DevicesBusy')), true],
  ['an older one that nobody has looked at', run('a-1'), true],
  ['no younger one', run('a-9'), false],
  ['none that waits for something else', run('a-1', waits('PlaybookNotFound')), false],
  ['none that could not be reconciled', run('a-1', waits('ReconcileFailed')), false],
  ['none that is complete', run('a-1', { completionTime: after(-1) }), false],
])('before a run on the same hosts comes %s', (_, other, first) => {
  expect(comesFirst(other, run('a-5'))).toBe(first);
});
