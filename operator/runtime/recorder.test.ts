import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { PassBed } from '../../test/wire/passBed.ts';
import { until } from '../../test/wire/until.ts';
import { ready } from '../../test/wire/valves.ts';
import type { Recorder } from './recorder.ts';

let bed: PassBed;
let heard: string[];
beforeEach(async () => {
  bed = await PassBed.open();
  heard = [];
});
afterEach(() => bed.close());

const recorder: Recorder = {
  begin: () => void heard.push('begin'),
  decided: ({ object, plan }) => void heard.push(`decided ${object.metadata.name} ${plan.outcome.reason}`),
  suspended: (_, object, { reason }) => void heard.push(`suspended ${object.metadata.name}: ${reason}`),
  gone: (_, { name }) => void heard.push(`gone ${name}`),
};

test('a recorder hears of a plan before anything of it is done, of a pause, and that the object is gone', async () => {
  bed.put('a');
  await bed.start(
    {
      observe: () => undefined,
      decide: () => ({ ...ready({}), actions: [{ do: 'perform', effect: 'x' }] }),
      perform: () => Promise.resolve(void heard.push('performed')),
    },
    { recorder },
  );
  await bed.reasonIs('a', 'Open');
  expect(heard.slice(0, 3)).toEqual(['begin', 'decided a Open', 'performed']);
  bed.apiserver.put('a', { spec: { suspend: { reason: 'moving' } } });
  await until('the pause is heard', () => heard.includes('suspended a: moving'));
  bed.apiserver.remove('a');
  await until('the deletion is heard', () => heard.includes('gone a'));
});

test('one that throws fails no pass', async () => {
  bed.put('a');
  const broken = (): never => {
    throw new Error('broken');
  };
  await bed.start({}, { recorder: { begin: broken, decided: broken, suspended: broken, gone: broken } });
  await bed.reasonIs('a', 'Open');
});
