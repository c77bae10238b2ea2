import { expect, test } from '@jest/globals';
import { VALVE, valve } from '../../test/wire/valves.ts';
import type { Condition, Resource } from '../api/v1alpha1/shared.ts';
import { isChange, toNotifiers, type ConditionChange } from './changes.ts';
import { createLog } from './log.ts';

const condition = (status: 'True' | 'False', reason: string, message = ''): Condition => ({
  type: 'Ready',
  status,
  reason,
  message,
  lastTransitionTime: '2026-01-01T00:00:00Z',
});

test.each<[boolean, Condition | undefined, Condition | undefined]>([
  [true, undefined, condition('True', 'Open')],
  [true, condition('False', 'Open'), condition('True', 'Open')],
  [true, condition('True', 'Open'), condition('True', 'Flooded')],
  [false, condition('True', 'Open', 'a'), condition('True', 'Open', 'b')],
  [false, condition('True', 'Open'), undefined],
])('%p: a change is another status or reason, not other words', (expected, was, is) => {
  expect(isChange(was, is)).toBe(expected);
});

test('each notifier hears of a change, also behind one that fails, and the failure stands in the log', () => {
  const lines: string[] = [];
  const log = createLog('debug', { write: (line) => void lines.push(line) });
  const heard: string[] = [];
  const failing = {
    name: 'pager',
    notify: () => {
      throw new Error('no line');
    },
  };
  const listening = { name: 'diary', notify: ({ is }: ConditionChange) => void heard.push(is.reason) };
  const onChange = toNotifiers([failing, listening], { tell: () => undefined }, log);
  const object = valve('main') as Resource;
  onChange({ kind: VALVE, object, was: undefined, is: condition('True', 'Open'), warns: false });
  expect(heard).toEqual(['Open']);
  expect(lines.join()).toContain('"notifier":"pager"');
});
