import { describe, expect, test } from '@jest/globals';
import { after, now } from '../../test/builders/drift.ts';
import { contendedCondition, exhaustedCondition, nextAttempt, rulingOn, tallyOf, type Ruling } from './contention.ts';

/** `+400`: a correction 400 s ago after which the place complied; `-400`: one after which it did not. */
function rulingAfter(corrections: readonly string[], driftSecondsAgo: number): Ruling {
  const past = corrections.map((one) => ({ time: after(-Number(one.slice(1))), verified: one.startsWith('+') }));
  return rulingOn(tallyOf(past, after(-driftSecondsAgo)), past.at(-1)?.time, now);
}

const waitsFor = (seconds: number): Ruling => ({ waitUntil: new Date(after(seconds)) });

describe('a place that drifts', () => {
  test.each<[string, readonly string[], number, Ruling]>([
    ['was never corrected', [], 0, 'due'],
    ['was corrected once, and drifts again', ['+60'], 5, 'due'],
    ['drifts again after two corrections', ['+60', '+30'], 5, 'contended'],
    ['drifts again after many corrections', ['+90', '+60', '+30'], 5, 'contended'],
    ['has drifted since then, however long that is ago', ['+9060', '+9030'], 9000, 'contended'],
    ['drifts just within ten minutes, both times', ['+1198', '+599'], 0, 'contended'],
    ['was corrected once, before the clock was set back by an hour', ['+-3600'], 0, 'due'],
    ['drifts ten minutes after the second', ['+620', '+600'], 0, 'due'],
    ['had drifted ten minutes after the first', ['+700', '+100'], 5, 'due'],
    ['did not comply after one correction', ['-29'], 100, waitsFor(1)],
    ['the same, 30 s later', ['-30'], 100, 'due'],
    ['the same, and the clock was set back by an hour since', ['--3571'], 100, 'due'],
    ['did not comply after two', ['-600', '-299'], 900, waitsFor(1)],
    ['the same, 5 min later', ['-600', '-300'], 900, 'due'],
    ['did not comply after three: no contention', ['-600', '-300', '-1'], 900, 'exhausted'],
    ['did not comply after three, long ago', ['-9600', '-9300', '-9000'], 9900, 'exhausted'],
    ['complied after the second of three', ['-90', '+60', '-40'], 900, 'due'],
    ['complied, did not, and complied again', ['+90', '-60', '+30'], 5, 'due'],
    ['did not, and complied twice', ['-90', '+60', '+30'], 5, 'contended'],
  ])('and %s', (_, corrections, driftSecondsAgo, ruling) => {
    expect(rulingAfter(corrections, driftSecondsAgo)).toEqual(ruling);
  });
});

test('what is said of it', () => {
  expect(contendedCondition('DriftRecurs', ['motd on a', 'motd on b'])).toEqual({
    status: 'True',
    reason: 'DriftRecurs',
    message:
      "drift recurred immediately after two verified corrections: motd on a, motd on b; find what changes it back. Correction resumes when the baseline's checks change",
    warns: true,
  });
  expect(exhaustedCondition('1 check', 'motd on a: no space', 'It is corrected later')).toMatchObject({
    reason: 'RetriesExhausted',
    message: '1 check could not be corrected in three attempts: motd on a: no space. It is corrected later',
  });
  expect(nextAttempt(new Date(after(300)), now)).toBe('next attempt in 5 min');
});
