/** The pure parts of the benchmarks: what they say of their figures must be right. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { bytes, microseconds } from './bench/controlGroup.ts';
import type { Machine } from './bench/machine.ts';
import { takePlace } from './bench/only.ts';
import { lastLine, markdown, ratioOf, toResult, type Measured } from './bench/report.ts';
import { chooseBreaks } from './bench/scan/breaks.ts';
import { prepared } from './bench/scan/checks.ts';
import { disagreements, place, score, type Verdict } from './bench/scan/verdict.ts';
import { startEnvironment, startFlags } from './bench/start.ts';
import { median, threeDigits } from './bench/statistics.ts';

const machine: Machine = {
  processor: 'Some processor',
  cores: 2,
  memoryBytes: 24 * 2 ** 30,
  system: 'Debian',
  kernel: '6.1',
  node: 'v24',
  loadBefore: 0.1,
};
const measured: Measured = {
  peer: 'a peer',
  figures: [{ what: 'decisions', unit: 'per CPU-second', better: 'more', ours: [8000, 8100, 9000], peer: [2450] }],
  setting: {},
  notes: [],
  runs: [],
};

test('the median of an even number of runs is between the two in the middle, and no runs are an error', () => {
  expect(median([9, 1, 4])).toBe(4);
  expect(median([9, 1, 4, 2])).toBe(3);
  expect(() => median([])).toThrow('no runs');
});

test('figures are shown with three digits', () => {
  expect([8124.7, 0.83124, 12, 100_000].map(threeDigits)).toEqual(['8,120', '0.831', '12', '100,000']);
});

test('our programs are started as operator/start.sh starts the operator', async () => {
  const script = await readFile(join(import.meta.dirname, '../operator/start.sh'), 'utf8');
  const [, flags] = /^exec node (.*?) "/m.exec(script) ?? [];
  expect(flags?.split(' ')).toEqual(startFlags);
  const set = [...script.matchAll(/^(\w+)=\$\{\w+:-(\w+)\}$/gm)].map(([, name, value]) => [name, value]);
  expect(set).toEqual(Object.entries(startEnvironment));
});

test('two benchmarks do not run at once: the second is told who runs', async () => {
  const place = `\0holdfast-bench-test-${process.pid}`;
  expect(await takePlace('scan', place)).toBeUndefined();
  expect(await takePlace('steady', place)).toContain(`runs on this machine, scan (process ${process.pid})`);
});

describe('a ratio', () => {
  test('above 1 says that ours is better, whichever way the figure counts', () => {
    expect(ratioOf({ better: 'more', ours: [20], peer: [10] })).toBe(2);
    expect(ratioOf({ better: 'less', ours: [10], peer: [20] })).toBe(2);
  });

  test('stands in the last line with both figures and their units', () => {
    const result = toResult('reconcile', measured, machine, new Date(0));
    expect(lastLine(result)).toBe('reconcile ratio 3.31 (ours 8,100 per CPU-second, peer 2,450 per CPU-second)');
  });

  test('stands in the table of the README, with the machine named', () => {
    const table = markdown([toResult('reconcile', measured, machine, new Date(0))]);
    expect(table).toContain(
      '| `reconcile` | decisions | 8,100 per CPU-second | 2,450 per CPU-second | 3.31× | a peer |',
    );
    expect(table).toContain('2 cores of Some processor, 24 GiB, Linux 6.1');
  });
});

test('what the kernel tells of a control group is read', () => {
  expect(microseconds('usage_usec 1500\nuser_usec 1000\nsystem_usec 500\n')).toBe(1500);
  expect(() => microseconds('')).toThrow('usage_usec');
  expect(bytes('VmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n', 'VmRSS')).toBe(1024 * 1024);
  expect(bytes('State:\tZ (zombie)\n', 'VmRSS')).toBe(0);
});

describe('the scan', () => {
  const pass: Verdict = { is: 'Pass', why: '' };
  const fail: Verdict = { is: 'Fail', why: 'mode is 0666' };
  const breaks = [{ host: 'a', check: 'motd', how: 'chmod 0666 /etc/motd' }];

  test('has fifty checks of different names', () => {
    expect(new Set(prepared.map(({ check }) => check.name)).size).toBe(50);
  });

  test('breaks the same checks in every run, and others with another seed', () => {
    const hosts = ['a', 'b', 'c'];
    expect(chooseBreaks(hosts, 1)).toEqual(chooseBreaks(hosts, 1));
    expect(chooseBreaks(hosts, 1)).not.toEqual(chooseBreaks(hosts, 2));
  });

  test('lists where the two disagree, with what was done there', () => {
    const ours = new Map([
      [place('a', 'motd'), fail],
      [place('b', 'motd'), pass],
    ]);
    const peer = new Map([[place('a', 'motd'), pass]]);
    expect(disagreements(ours, peer, breaks)).toEqual([
      { host: 'a', check: 'motd', ours: fail, peer: pass, broken: 'chmod 0666 /etc/motd' },
      { host: 'b', check: 'motd', ours: pass, peer: { is: 'Unknown', why: 'it said nothing' }, broken: '' },
    ]);
  });

  test('counts what was found and what was called failing without being broken', () => {
    const verdicts = new Map<string, Verdict>([
      [place('a', 'motd'), fail],
      [place('b', 'motd'), fail],
      [place('c', 'motd'), { is: 'Unknown', why: 'no answer' }],
    ]);
    expect(score(verdicts, breaks)).toEqual({ found: 1, falseAlarms: 1, unknown: 1 });
  });
});
