/** A sample of `make faults NAME=mutations`, and that it finds what it is there for. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startMutationBed, type MutationBed } from '../faults/mutations/bed.ts';
import { Stage } from '../faults/mutations/stage.ts';
import type { Stored } from '../faults/mutations/seen.ts';
import { stateOf } from '../faults/mutations/state.ts';
import { subjects } from '../faults/mutations/subjects.ts';
import { least, wrongs } from '../faults/mutations/values.ts';
import { mutationsOf } from '../faults/mutations/walk.ts';
import { plan, report, runAll } from '../faults/mutations.ts';
import { differences } from '../faults/wire/case.ts';

describe('what is changed, and what is compared', () => {
  const schema = {
    type: 'object',
    required: ['port'],
    properties: {
      port: { type: 'integer', minimum: 1, maximum: 3 },
      mode: { type: 'string', enum: ['On', 'Off'] },
    },
  };

  test('each value within the schema, and those beyond it', () => {
    const found = mutationsOf(schema, { port: 2 }).map(
      ({ path, how, isValid }) => `${isValid ? '' : 'not '}${path} ${how}`,
    );
    for (const one of ['spec.port is 1', 'spec.port is 3', 'spec.mode added', 'spec.mode is "Off"'])
      expect(found).toContain(one);
    for (const one of ['spec.port removed', 'spec.port is 0', 'spec.port is 4', 'spec.mode is "NoSuchValue"'])
      expect(found).toContain(`not ${one}`);
  });

  test('an optional list is emptied, shortened, extended and put into another order', () => {
    const list = { type: 'object', properties: { names: { type: 'array', items: { type: 'string' } } } };
    const found = mutationsOf(list, { names: ['a', 'b'] }).map(({ spec }) => JSON.stringify(spec));
    for (const names of [[], ['b'], ['b', 'a'], ['a', 'b', 'other'], ['a', 'b', 'a'], ['other', 'b']])
      expect(found).toContain(JSON.stringify({ names }));
    expect(found).toContain('{}');
  });

  test('the least value has nothing that may be left out, and a list is never a time', () => {
    expect(least(schema)).toEqual({ port: 1 });
    expect(wrongs({ type: 'string', format: 'date-time' })).toContainEqual(['a']);
  });

  test('every field of every kind is changed', () => {
    const fields = new Set(
      subjects.flatMap((subject) =>
        mutationsOf(subject.schema, subject.spec('case-1')).map(
          ({ path }) => `${subject.kind} ${path.replace(/\[\d+\]/g, '[]')}`,
        ),
      ),
    );
    expect(fields.size).toBeGreaterThan(300);
    for (const field of ['Device spec.suspend.until', 'DeviceBaseline spec.checks[].selinux.mode'])
      expect(fields).toContain(field);
  });

  test('a state that differs, and none that differs in time alone', () => {
    const object = (summary: string) => {
      const metadata = { name: 'subject', resourceVersion: summary };
      const status = { observedGeneration: summary.length, summary, observedTime: summary };
      return { apiVersion: 'v1', kind: 'Device', metadata, status } as unknown as Stored;
    };
    const state = (summary: string) => stateOf(new Map([['Device/subject', object(summary)]]));
    expect(differences(state('at 2026-01-01T00:00:00Z'), state('at 2027-01-01T00:00:00Z'))).toEqual([]);
    expect(differences(state('open'), state('closed'))).toHaveLength(1);
    expect(differences(state('open'), stateOf(new Map()))).toHaveLength(1);
  });
});

describe('a running operator', () => {
  let bed: MutationBed;
  beforeAll(async () => {
    bed = await startMutationBed();
  }, 900_000);
  afterAll(() => bed.stop(), 60_000);

  test('settles after each of a sample of changes, and comes back to what was before', async () => {
    const isTime = (spec: unknown) => /(Time|until)":\["a"\]/.test(JSON.stringify(spec));
    const planned = plan([], ({ isValid, spec }, index) => index % (isValid ? 40 : 60) === 0 || isTime(spec));
    const signal = new AbortController().signal;
    const outcomes = await runAll(bed, planned, { say: () => undefined, signal, places: 16 });
    expect(report(bed, outcomes).problems).toEqual([]);
    const trials = outcomes.flatMap((one) => one.trials);
    expect(trials.filter(({ outcome }) => outcome === 'changed').length).toBeGreaterThan(5);
    expect(trials.filter(({ mutation }) => isTime(mutation.spec)).length).toBeGreaterThan(5);
    expect(trials.filter(({ mutation, outcome }) => !mutation.isValid && outcome !== 'refused')).toEqual([]);
  }, 600_000);

  test.each([
    ['Device', { conditions: [] }],
    [
      'DeviceBaseline',
      { summary: { compliant: '1/1' }, devices: { total: 1, compliant: 1, drifted: 0, waived: 0, unknown: 0 } },
    ],
    ['MaintenanceWindow', { summary: 'open until tomorrow' }],
  ])(
    'puts right what somebody else wrote into the status of a %s',
    async (name, status) => {
      const stage = await Stage.begin(
        bed,
        subjects.find((one) => one.name === name)!,
      );
      expect(await stage.disturb(status)).toEqual([]);
      expect(await stage.end()).toEqual([]);
    },
    200_000,
  );
});
