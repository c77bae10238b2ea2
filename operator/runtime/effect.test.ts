/** Effects outside Kubernetes: recorded before they begin, and never begun twice. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { PassBed, type Parts } from '../../test/wire/passBed.ts';
import { until } from '../../test/wire/until.ts';
import { ready, type Valve } from '../../test/wire/valves.ts';
let bed: PassBed;
beforeEach(async () => {
  bed = await PassBed.open();
});
afterEach(() => bed.close());

describe('an effect', () => {
  const once = (performed: string[]): Parts => ({
    decide: (it) =>
      it.status?.began
        ? ready({ began: it.status.began })
        : { ...ready<string>({ began: 'now' }), afterStatus: [{ do: 'perform', effect: it.metadata.name }] },
    perform: (effect) => Promise.resolve(void performed.push(effect)),
  });

  test('is recorded onto the version that was decided upon, before it begins', async () => {
    const performed: string[] = [];
    bed.put('a');
    await bed.start({
      ...once(performed),
      perform: (effect) => Promise.resolve(void performed.push(`${effect} ${bed.status('a')?.began}`)),
    });
    await until('it is performed', () => performed.length === 1);
    expect(performed).toEqual(['a now']);
    const [record] = bed.statusWrites();
    expect(record?.metadata.resourceVersion).toBe('101');
  });

  test.each([409, 500, 404])('does not begin when its record is answered with %d', async (answer) => {
    const performed: string[] = [];
    bed.put('a');
    bed.apiserver.fault = ({ method, path }) =>
      method === 'PATCH' && path.endsWith('/status') ? { answer } : undefined;
    await bed.start(once(performed));
    await until('the record was tried', () => bed.statusWrites().length >= 2);
    expect(performed).toEqual([]);
    bed.apiserver.fault = () => undefined;
    await until('it is performed in the end', () => performed.length === 1);
  });

  test('of which the record was stored but the answer was lost is not begun by a pass that cannot know', async () => {
    const performed: string[] = [];
    bed.put('a');
    let lost = false;
    bed.apiserver.fault = ({ method, path, body }) => {
      if (lost || method !== 'PATCH' || !path.endsWith('/status')) return undefined;
      lost = true;
      bed.apiserver.put('a', { status: (JSON.parse(body) as Valve).status });
      return 'drop';
    };
    await bed.start(once(performed));
    await bed.reasonIs('a', 'Open');
    await until('that the pass failed was tried to be told', () => bed.statusWrites().length >= 2);
    await until(
      'it was looked at again',
      async () => (await bed.metric('controller_runtime_reconcile_total{controller="valve",result="success"}')) >= 1,
    );
    expect(performed).toEqual([]);
    expect(bed.status('a')?.began).toBe('now');
  });

  test('that fails is told, and the record stays', async () => {
    bed.put('a');
    await bed.start({
      ...once([]),
      perform: () => Promise.reject(new Error('ansible-runner is missing; install it.')),
    });
    await bed.reasonIs('a', 'ReconcileFailed');
    expect(bed.status('a')?.began).toBe('now');
    expect(bed.condition('a')?.message).toBe('ansible-runner is missing; install it.');
  });
});
