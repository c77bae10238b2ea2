import { expect, test } from '@jest/globals';
import { VALVE, ready, type Valve } from '../../test/wire/valves.ts';
import { feature, openAll } from './feature.ts';

const withPump = feature({
  kind: VALVE,
  open: ({ pump }: { pump: () => number }) => ({
    observe: pump,
    decide: (_: Valve, level: number) => ready({ level }),
  }),
});
const withAlarm = feature({
  kind: VALVE,
  finalizes: () => true,
  open: ({ alarm }: { alarm: string }) => ({
    observe: () => alarm,
    decide: () => ready({}),
    cleanUp: () => ready({}),
  }),
});

test('features that are opened have what they need', () => {
  const [pump, alarm] = openAll([withPump, withAlarm], { pump: () => 7, alarm: 'loud' });
  expect(pump?.observe(undefined as never, undefined as never)).toBe(7);
  expect(alarm?.observe(undefined as never, undefined as never)).toBe('loud');
});

test('a need that is missing does not compile', () => {
  // @ts-expect-error: `alarm` is missing.
  openAll([withPump, withAlarm], { pump: () => 7 });
  // @ts-expect-error: `pump` gives no text.
  openAll([withPump], { pump: () => 'full' });
});

test('a finalizer that nothing would remove is refused', () => {
  const stuck = feature({
    kind: VALVE,
    finalizes: () => true,
    open: () => ({ observe: () => 1, decide: () => ready({}) }),
  });
  expect(() => openAll([stuck], {})).toThrow('Valve must have `finalizes` if and only if it has `cleanUp`.');
});
