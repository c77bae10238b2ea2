import { expect, test } from '@jest/globals';
import { isWell, lineText, reportJson, summaryText, type Line } from './report.ts';

const long = 'a message of many words that has to be wrapped below itself because a terminal has eighty columns';
const failed: Line = { name: 'pods', result: 'Fail', message: long, fixes: ['kubectl one', 'two', 'three', 'four'] };
const layout = { nameWidth: 9, columns: 80, mostFixes: 3 };
const passed: Line = { name: 'lease', result: 'Pass', message: 'a leads' };

test('a line is aligned, wrapped at 80 columns, and followed by commands as they are typed', () => {
  expect(lineText(failed, layout)).toBe(`Fail     pods       a message of many words that has to be wrapped below itself
                    because a terminal has eighty columns
                    $ kubectl one
                    $ two
                    $ three
                    and 1 more, which -o wide shows
`);
  expect(lineText(passed, layout)).toBe('Pass     lease      a leads\n');
});

test('what a cluster sends cannot move the cursor', () => {
  expect(lineText({ ...passed, message: 'a\x1b[2Jb', fixes: ['c\rd'] }, layout)).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
});

test('the end counts, and says whether all is well', () => {
  expect(summaryText([failed, passed, passed])).toBe('\n3 checks: 2 Pass, 1 Fail\n');
  expect(isWell([passed, { ...passed, result: 'Warn' }])).toBe(true);
  expect(isWell([passed, { ...passed, result: 'Unknown' }])).toBe(false);
  expect(reportJson([passed], { version: '1' })).toEqual({
    version: '1',
    checks: [{ ...passed, fixes: [] }],
    counts: { Pass: 1, Warn: 0, Fail: 0, Unknown: 0 },
  });
});
