/** What was once decided for good stays so, whichever old view a pass has of what others said, and whatever the clock says. */
import { describe, expect, test } from '@jest/globals';
import type { Approval } from '../../api/v1alpha1/approval.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import { makeBaseline, makeDevice, makeFinding, motd, now } from '../../../test/builders/drift.ts';
import { readerOf } from '../../../test/builders/reader.ts';
import { daySeconds, makeApproval, makeWaiver, seconds } from '../../../test/builders/waiver.ts';
import { numbers } from '../../../test/builders/seeded.ts';
import { deviceBaselineSource } from '../../drift/deviceBaseline/source.ts';
import { subjectOf } from '../../findings/source.ts';
import { waiverFor } from '../../findings/waiver/waiverFor.ts';
import { decideWaiver } from './decide.ts';
import { withGates } from './gates.ts';
import type { WaiverWorld } from './observe.ts';
import { waivedSource } from './source.ts';

const drift = makeFinding(motd);
const source = waivedSource(deviceBaselineSource, makeBaseline());
const subject = subjectOf(source, { name: 'web-01', labels: makeDevice().metadata.labels });

function worldOf(approvals: readonly Approval[], outdated?: string): WaiverWorld {
  return {
    guard: { is: 'intact', since: seconds(-30 * daySeconds), policies: 'sha256:1' },
    admission: { isChecked: true },
    approvals,
    isComplete: true,
    listsAll: true,
    isSourceNamespaced: true,
    source,
    targets: [{ subject, findings: [drift], isKnown: true }],
    ...(outdated && { outdated }),
  };
}

const emergency = { breakGlass: { reason: 'production is down' } };

describe('of passes on views of any age, in any order', () => {
  test('none brings back what has ended, nor an emergency that is over', () => {
    let [ended, over] = [0, 0];
    for (let seed = 0; seed < 400; seed += 1) {
      const next = numbers(seed);
      const one = <T>(...of: readonly T[]): T => of[next(of.length)] as T;
      let waiver: PolicyWaiver = makeWaiver({ ...one<object>({}, emergency), expiryTime: seconds(3 * daySeconds) });
      const said = [
        makeApproval(waiver, { approver: 'bob', decision: one('Approve', 'Reject') }, seconds(-1800)),
        makeApproval(waiver, { approver: 'carol', decision: one('Approve', 'Reject') }, seconds(-900)),
        makeApproval(waiver, { approver: 'bob', decision: one('Approve', 'Reject') }, seconds(-600)),
      ];
      let before: PolicyWaiver['status'];
      for (let step = 0; step < 12; step += 1) {
        // Any view of what was said, and a clock that goes forth and back.
        const time = new Date(now.getTime() + (next(5 * 24) - 6) * 3_600_000);
        const { status } = decideWaiver(waiver, worldOf(said.slice(0, next(4)), one(undefined, 'late')), time);
        waiver = { ...waiver, status };
        if (before?.ended) {
          ended += 1;
          expect(status.ended).toEqual(before.ended);
          expect(waiverFor(drift, subject, [waiver], time)).toBeUndefined();
        }
        if (before?.breakGlassTime) expect(status.breakGlassTime).toBe(before.breakGlassTime);
        if (before?.breakGlassEndTime) {
          over += 1;
          expect(status.breakGlassEndTime).toBe(before.breakGlassEndTime);
          if (!status.approved) expect(waiverFor(drift, subject, [waiver], time)).toBeUndefined();
        }
        before = status;
      }
    }
    expect(ended).toBeGreaterThan(300);
    expect(over).toBeGreaterThan(300);
  });
});

describe('what is never undone is decided only by what the apiserver has now', () => {
  const waiver = makeWaiver();
  const yes = makeApproval(waiver);
  const no = makeApproval(waiver, { approver: 'carol', decision: 'Reject' }, seconds(-60));
  const after = async (of: PolicyWaiver, approvals: readonly Approval[], isCurrent: boolean) => {
    let asked = 0;
    const read = { ...readerOf(), isCurrent: () => Promise.resolve((asked += 1) > 0 && isCurrent) };
    const world = await withGates(of, worldOf(approvals), { read, now, signal: new AbortController().signal });
    const plan = decideWaiver(of, world, now);
    return { asked, plan, status: plan.status };
  };

  test('an approval', async () => {
    const late = await after(waiver, [yes], false);
    expect(late.status).toMatchObject({ decision: 'Pending' });
    expect(late.status.approved).toBeUndefined();
    expect(late.plan.outcome).toMatchObject({ is: 'waiting', reason: 'ChangesPending' });
    expect((await after(waiver, [yes], true)).status.approved).toBeDefined();
  });
  test('a rejection of what was approved', async () => {
    const approved = { ...waiver, status: (await after(waiver, [yes], true)).status };
    expect((await after(approved, [yes, no], false)).status).toMatchObject({ decision: 'Approved' });
    expect((await after(approved, [yes, no], true)).status).toMatchObject({ decision: 'Rejected', ended: {} });
  });
  test('the beginning of an emergency', async () => {
    const urgent = makeWaiver(emergency);
    expect((await after(urgent, [], false)).status.breakGlassTime).toBeUndefined();
    expect((await after(urgent, [], true)).status.breakGlassTime).toBeDefined();
  });
  test('and a steady state asks nothing', async () => {
    const approved = { ...waiver, status: (await after(waiver, [yes], true)).status };
    expect((await after(approved, [yes], false)).asked).toBe(0);
    expect((await after(waiver, [], false)).asked).toBe(0);
  });
  test('while expiry waits for nothing', async () => {
    const approved = { ...waiver, status: (await after(waiver, [yes], true)).status };
    const later = new Date(Date.parse(waiver.spec.expiryTime));
    const { status } = decideWaiver(approved, worldOf([yes, no], 'late'), later);
    expect(status.ended).toBeDefined();
  });
});
