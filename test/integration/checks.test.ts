/**
 * Every check type on a real host: what differs is found as it is, a correction mends it and nothing else, and undoing puts back exactly
 * what was there. Each type has a host that is as new, and they work side by side. `HOLDFAST_CHECKS=sshd,line` tries these types alone.
 */
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { DeviceCheck } from '../../operator/api/v1alpha1/deviceCheck.ts';
import { checkTypes } from '../../operator/drift/checks/index.ts';
import { spread, type CheckBed, type Made } from './checkBed.ts';
import { cases as allCases } from './cases/index.ts';
import type { HostCase } from './cases/case.ts';

// Only ends what hangs: a busy machine takes many times as long.
jest.setTimeout(3_000_000);

/** How many cases a host is given before it is reset: more of a type are spread over several. */
const casesOfHost = 50;
/** How many hosts are worked on at a time: enough to keep two cores busy, and few enough to keep daemons from running out of time. */
const atOnce = 5;

/** What came of a case. */
interface Came {
  found?: readonly string[];
  made?: Made | undefined;
  /** What is found after the correction. */
  after?: readonly string[];
  corrected?: string;
  undone?: Made | undefined;
  /** Lines of the host's state that differ from those before the correction. */
  left?: string;
  error?: string;
}

const chosen = process.env['HOLDFAST_CHECKS']?.split(',');
const tables = Object.entries(allCases).filter(([type]) => !chosen || chosen.includes(type));
const came = new Map<HostCase, Came>();

beforeAll(() => {
  const shares = tables.flatMap(([, cases]) => sharesOf(cases)).sort((a, b) => b.length - a.length);
  return spread(shares, atOnce, async (bed, share) => {
    for (const one of share) came.set(one, await tried(bed, one));
  });
});

function sharesOf(cases: readonly HostCase[]): HostCase[][] {
  const size = Math.ceil(cases.length / Math.ceil(cases.length / casesOfHost));
  return Array.from({ length: Math.ceil(cases.length / size) }, (_, share) =>
    cases.slice(share * size, (share + 1) * size),
  );
}

async function tried(bed: CheckBed, one: HostCase): Promise<Came> {
  const outcome: Came = {};
  try {
    await tryCase(bed, one, outcome);
  } catch (error) {
    outcome.error = error instanceof Error ? error.message : String(error);
  }
  if (one.cleared) await bed.host.run(one.cleared);
  return outcome;
}

async function tryCase(bed: CheckBed, one: HostCase, outcome: Came): Promise<void> {
  const check: DeviceCheck = { name: 'check', ...one.declare };
  if (one.given) await bed.host.mustRun(one.given);
  outcome.found = await bed.compare(check);
  if (!outcome.found.length || /^(unknown|not applicable): /.test(outcome.found[0] ?? '')) return;
  const before = await bed.state();
  const { run, made } = await bed.correct([check], one.between);
  outcome.made = made['check'];
  if (one.refused || one.manual) {
    if (!one.between) outcome.left = difference(before, await bed.state());
    return;
  }
  outcome.after = await bed.compare(check);
  if (one.corrected) {
    const { code, stdout, stderr } = await bed.host.run(one.corrected);
    outcome.corrected = code === 0 ? 'yes' : `exit ${code}: ${stdout}${stderr}`;
  }
  if (one.meanwhile) await bed.host.mustRun(one.meanwhile);
  outcome.undone = (await bed.undo(run, [check]))['check'];
  if (one.undone) {
    const { code, stdout, stderr } = await bed.host.run(one.undone);
    outcome.left = code === 0 ? '' : `exit ${code}: ${stdout}${stderr}`;
  } else if (!one.lost) outcome.left = difference(before, await bed.state());
}

function difference(before: string, after: string): string {
  const [left, right] = [new Set(before.split('\n')), new Set(after.split('\n'))];
  const gone = [...left].filter((line) => !right.has(line)).map((line) => `- ${line}`);
  return [...gone, ...[...right].filter((line) => !left.has(line)).map((line) => `+ ${line}`)].join('\n');
}

test('every check type has cases, and no case has the name of another', () => {
  expect(Object.keys(allCases).sort()).toEqual(Object.keys(checkTypes).sort());
  for (const cases of Object.values(allCases)) {
    expect(cases.length).toBeGreaterThan(0);
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  }
});

describe.each(tables)('%s', (_, cases) => {
  test.each(cases.map((one): [string, HostCase] => [one.name, one]))('%s', (_name, one) => {
    const { found, made, after, corrected, undone, left, error } = came.get(one) ?? {};
    expect(error).toBeUndefined();
    expect(found).toEqual(one.found.map((word) => (typeof word === 'string' ? word : expect.stringMatching(word))));
    if (one.manual) expect(made?.manual).toMatch(one.manual);
    else if (one.refused) expect(made).toMatchObject({ refused: true, message: expect.stringMatching(one.refused) });
    else if (made) {
      expect(made).toEqual({ changed: true, ...(one.said && { said: expect.stringMatching(one.said) }) });
      expect(after).toEqual([]);
      if (one.corrected) expect(corrected).toBe('yes');
      if (one.lost) expect(undone?.message).toMatch(one.lost);
      else expect(undone).toEqual({ changed: true });
    }
    if (left !== undefined) expect(left).toBe('');
  });
});
