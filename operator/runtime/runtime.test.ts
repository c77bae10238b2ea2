/** The start and the end of the runtime, and an apiserver that is away between. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { PassBed } from '../../test/wire/passBed.ts';
import { until } from '../../test/wire/until.ts';
import { VALVE, ready, type Valve } from '../../test/wire/valves.ts';
import type { OpenFeature } from './feature.ts';
import { createLog } from './log.ts';
import { startRuntime } from './runtime.ts';
let bed: PassBed;
beforeEach(async () => {
  bed = await PassBed.open();
});
afterEach(() => bed.close());

describe('start and stop', () => {
  test('no pass begins before all is listed, and readiness says what is missing', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) bed.put(name);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    bed.apiserver.fault = ({ query }) => (query.has('continue') ? held : undefined);
    let passes = 0;
    const { healthPort, leading } = await bed.start(
      { observe: () => passes++ },
      { health: { host: '127.0.0.1', port: 0 } },
    );
    await until('the second page is asked for', () => bed.apiserver.requests('GET', 'continue').length === 1);
    const before = await fetch(`http://127.0.0.1:${healthPort}/readyz`);
    expect([before.status, await before.text(), passes]).toEqual([
      503,
      'The cache of valves.wire.holdfast.dev is not synced yet.\n',
      0,
    ]);
    release();
    await leading;
    expect((await fetch(`http://127.0.0.1:${healthPort}/readyz`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${healthPort}/healthz`)).status).toBe(200);
    await until('all are looked at', () => passes === 5);
  });

  test('a stop waits for the passes at work, whose writes still come through', async () => {
    bed.put('a');
    let release: () => void = () => undefined;
    let began = false;
    await bed.start({
      observe: () => {
        began = true;
        return new Promise<void>((resolve) => (release = resolve));
      },
    });
    await until('the pass is at work', () => began);
    const stopped = bed.runtime!.stop();
    bed.put('b');
    release();
    await stopped;
    expect(bed.condition('a')?.reason).toBe('Open');
    expect(bed.condition('b')).toBeUndefined();
    await until('the watch is closed', () => bed.apiserver.streams.size === 0);
  });

  test('an object whose share cannot be said keeps nothing from starting', async () => {
    for (const name of ['a', 'odd', 'z']) bed.put(name);
    const shareOf = ({ metadata: { name } }: Valve): { group: string } => {
      if (name === 'odd') throw new TypeError('cannot read properties of undefined');
      return { group: name };
    };
    await bed.start({ shareOf });
    await until('all are looked at', () => ['a', 'odd', 'z'].every((name) => bed.condition(name)?.reason === 'Open'));
  });

  test('two features of one kind are refused at once', async () => {
    const feature = { kind: VALVE, observe: () => undefined, decide: () => ready({}) } as OpenFeature;
    await expect(
      startRuntime({ client: bed.client, features: [feature, feature], notifiers: [], log: createLog('silent') }),
    ).rejects.toThrow('Two features are for Valve');
  });

  test('an apiserver that is away for a while loses no change, and is not asked without pause', async () => {
    bed.put('a');
    await bed.start();
    await bed.reasonIs('a', 'Open');
    bed.apiserver.fault = () => 'drop';
    for (const stream of bed.apiserver.streams) stream.cut();
    const asked = () => bed.apiserver.requests('GET', 'wire.holdfast.dev').length;
    const before = asked();
    const pauses = () => bed.logged.filter(({ retryInSeconds = 0 }) => retryInSeconds > 0).length;
    await until('it has paused twice', () => pauses() >= 2);
    bed.put('a', { level: 2 });
    bed.put('b');
    expect(asked() - before).toBeLessThan(pauses());
    bed.apiserver.fault = () => undefined;
    await until(
      'both are seen',
      () => bed.status('a')?.observedGeneration === 2 && bed.condition('b')?.reason === 'Open',
    );
  });
});
