/** What an export does next, as a table: from its status, what was done, and what is known of who asks. */
import { describe, expect, test } from '@jest/globals';
import type { EvidenceExport, EvidenceExportSpec } from '../../api/v1alpha1/evidenceExport.ts';
import type { EvidenceExportStatus, ExportedArchive } from '../../api/v1alpha1/evidenceExportStatus.ts';
import { cleanUpExport, decideExport, type ExportPlan, type ExportWorld } from './decide.ts';
import type { ExportState } from './kit.ts';
import { mostLinks, renewAnnotation } from './link.ts';

const now = new Date('2026-11-27T12:00:00Z');
const at = (seconds: number): string => new Date(now.getTime() + seconds * 1000).toISOString().replace('.000Z', 'Z');
const time = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
const digest = `sha256:${'a'.repeat(64)}`;

const made: ExportedArchive = {
  ...{ digest, bytes: 10, key: 'exports/q4-u1.tar', leftOut: 0, verdict: 'Verified', recordedTime: at(-60) },
  packs: [{ name: 'nightly', first: 1, last: 3, count: 3 }],
};
const stored: ExportedArchive = { ...made, storedTime: at(-50), uri: 's3://b/exports/q4-u1.tar', versionId: 'v1' };
const isStored: EvidenceExportStatus = { startTime: at(-70), attempts: 1, archive: stored, expiryTime: at(3600) };

interface Given {
  readonly spec?: Partial<EvidenceExportSpec>;
  readonly status?: EvidenceExportStatus;
  readonly metadata?: Partial<EvidenceExport['metadata']>;
  readonly world?: Partial<ExportWorld>;
  readonly state?: ExportState;
}

function objectOf({ spec, status, metadata }: Given): EvidenceExport {
  return {
    apiVersion: 'holdfast.dev/v1alpha1',
    kind: 'EvidenceExport',
    metadata: { name: 'q4', namespace: 'audit', uid: 'u1', creationTimestamp: at(-80), ...metadata },
    spec: { storeRef: { name: 'main' }, requestedBy: 'alice', reason: 'Audit', ...spec },
    ...(status && { status }),
  };
}

function worldOf({ world, state }: Given): ExportWorld {
  return {
    guard: { is: 'intact', since: at(-1000), policies: digest },
    admission: { isChecked: true },
    isOpen: true,
    ...(state && { state }),
    ...world,
  };
}

const decide = (given: Given): ExportPlan => decideExport(objectOf(given), worldOf(given), now);
const stepOf = ({ afterStatus = [] }: ExportPlan): string | undefined => {
  const [action] = afterStatus;
  return action?.do === 'perform' ? action.effect.step : undefined;
};

const failed = (step: 'make' | 'store' | 'remove', more: object = {}): ExportState => ({
  ...{ is: 'failed', step, time: time(-1), reason: 'StoreUnavailable', message: 'it is away', needsPerson: false },
  ...more,
});
const held = { finalizers: ['holdfast.dev/evidenceexports'] };
const recipientKey = 'a key';

describe('what is done next', () => {
  test.each<[string, Given, string | undefined, string]>([
    ['it is new', {}, 'make', 'Exporting'],
    [
      'it is being made',
      { status: { startTime: at(-5), attempts: 1 }, state: { is: 'running', step: 'make' } },
      undefined,
      'Exporting',
    ],
    ['it is made, and has no finalizer', { state: { is: 'made', archive: made } }, undefined, 'Exporting'],
    ['it is made', { metadata: held, state: { is: 'made', archive: made } }, 'store', 'Exporting'],
    [
      'it was recorded, and the operator was restarted',
      { metadata: held, status: { archive: made, startTime: at(-70) } },
      'make',
      'Exporting',
    ],
    [
      'it is stored',
      { metadata: held, status: { archive: made }, state: { is: 'stored', archive: stored } },
      undefined,
      'Stored',
    ],
    ['it was stored, and the operator was restarted', { status: isStored }, 'check', 'Stored'],
    [
      'it was looked at',
      { status: isStored, state: { is: 'seen', time: time(-10), found: 'There' } },
      undefined,
      'Stored',
    ],
    [
      'it was looked at an hour ago',
      { status: isStored, state: { is: 'seen', time: time(-3601), found: 'There' } },
      'check',
      'Stored',
    ],
    ['a link is wanted', { spec: { recipientKey }, status: isStored }, 'link', 'Stored'],
    [
      'it failed a moment ago',
      { status: { startTime: at(-9), attempts: 1 }, state: failed('make') },
      undefined,
      'StoreUnavailable',
    ],
    [
      'it failed some time ago',
      { status: { startTime: at(-90), attempts: 1 }, state: failed('make', { time: time(-40) }) },
      'make',
      'Exporting',
    ],
    [
      'its clock was set back',
      { status: { startTime: at(-9), attempts: 1 }, state: failed('make', { time: time(900) }) },
      'make',
      'Exporting',
    ],
    ['its time is over', { status: { ...isStored, expiryTime: at(-1) } }, 'remove', 'Stored'],
    [
      'its time was over before it was stored',
      { status: { startTime: at(-90_000), attempts: 9 } },
      undefined,
      'Expired',
    ],
    [
      'it was removed',
      { status: { ...isStored, removal: { time: at(-1), result: 'Removed', message: 'm' } } },
      undefined,
      'Expired',
    ],
    [
      'its archive is gone',
      { status: isStored, state: { is: 'seen', time: time(-1), found: 'Gone' } },
      undefined,
      'ArchiveGone',
    ],
    [
      'its archive is another',
      { status: isStored, state: { is: 'seen', time: time(-1), found: 'Altered' } },
      undefined,
      'ArchiveAltered',
    ],
    ['there are no policies', { world: { guard: { is: 'broken', message: 'm' } } }, undefined, 'PoliciesMissing'],
    ['nobody checked who asks', { world: { admission: { isChecked: false } } }, undefined, 'CreatedBeforePolicies'],
    ['it has a secret', { world: { fault: { reason: 'SecretFound', message: 'm' } } }, undefined, 'SecretFound'],
    [
      'its store is not there',
      { world: { isOpen: false, unready: { reason: 'StoreNotFound', message: 'm' } } },
      undefined,
      'StoreNotFound',
    ],
  ])('where %s', (_, given, step, reason) => {
    const plan = decide(given);
    expect([stepOf(plan), plan.outcome.reason]).toEqual([step, reason]);
  });

  test('when policies are removed later, what was exported stays', () => {
    expect(decide({ status: isStored, world: { guard: { is: 'broken', message: 'm' } } }).outcome.reason).toBe(
      'Stored',
    );
  });
});

describe('an attempt', () => {
  test('keeps the time at which the first one began, so that it has the same packs', () => {
    const { status, afterStatus } = decide({
      metadata: held,
      status: { archive: made, startTime: at(-70), attempts: 1 },
    });
    expect(status).toMatchObject({ startTime: at(-70), attempts: 2 });
    expect(afterStatus).toMatchObject([{ effect: { startTime: at(-70) } }]);
  });

  test('is later each time', () => {
    const pauses = [1, 2, 5, 20].map((attempts) => {
      const { outcome } = decide({ status: { startTime: at(-9), attempts }, state: failed('make', { time: now }) });
      return /retried at (\S+)/.exec(outcome.message)?.[1];
    });
    expect(pauses).toEqual([at(30), at(60), at(480), at(3600)]);
  });

  test('that a person must mend is stalled', () => {
    const state = failed('make', { reason: 'EvidenceBroken', needsPerson: true });
    const { outcome, conditions } = decide({ status: { startTime: at(-9), attempts: 1 }, state });
    expect(outcome).toMatchObject({ is: 'stalled', reason: 'EvidenceBroken' });
    expect(conditions?.['Verified']).toMatchObject({ status: 'False', warns: true });
  });
});

describe('links', () => {
  const link = { ephemeralKey: 'k', ciphertext: 'c', time: at(-100), expiryTime: at(800), count: 1 };
  const seen: ExportState = { is: 'seen', time: time(-10), found: 'There' };
  const asking = (request: string, own: object = link): ExportPlan =>
    decide({
      spec: { recipientKey },
      status: { ...isStored, link: { ...link, ...own } },
      state: seen,
      metadata: { annotations: { [renewAnnotation]: request } },
    });

  test.each([
    ['that nobody asked for again', '', {}, undefined],
    ['that was asked for', '2', {}, 'link'],
    ['that was made for this request', '2', { request: '2' }, undefined],
    ['that was asked for a moment ago', '2', { time: at(-5) }, undefined],
    ['that is the last one', '2', { count: mostLinks }, undefined],
  ])('one %s', (_, request, own, step) => {
    expect(stepOf(asking(request, own))).toBe(step);
  });

  test('what asks for one is short, and has no control characters', () => {
    const [action] = asking(`\u001b[31m${'x'.repeat(1000)}`).afterStatus ?? [];
    expect(action).toMatchObject({ effect: { link: { count: 2, request: `_[31m${'x'.repeat(123)}` } } });
  });

  test('without a key there is none', () => {
    expect(stepOf(decide({ status: isStored, state: seen }))).toBeUndefined();
  });

  test('of an archive that is removed there is none', () => {
    const state: ExportState = { is: 'removed', result: 'Removed', message: 'm' };
    const { status } = decide({ status: { ...isStored, link, expiryTime: at(-1) }, state });
    expect(status).not.toHaveProperty('link');
  });
});

describe('a deletion', () => {
  const gone = { ...held, deletionTimestamp: at(-5) };
  const ending = (given: Given): ExportPlan => {
    const all = { metadata: gone, status: isStored, ...given };
    return cleanUpExport(objectOf(all), worldOf(all), now);
  };

  test.each<[string, Given, string | undefined, ExportPlan['outcome']['is']]>([
    ['removes the archive', {}, 'remove', 'progressing'],
    ['waits for a step that is running', { state: { is: 'running', step: 'store' } }, undefined, 'progressing'],
    [
      'says first what became of it',
      { state: { is: 'removed', result: 'Removed', message: 'm' } },
      undefined,
      'progressing',
    ],
    [
      'ends when that was said',
      { status: { ...isStored, removal: { time: at(-1), result: 'Removed', message: 'm' } } },
      undefined,
      'ready',
    ],
    [
      'waits for a store that is away',
      { world: { isOpen: false, unready: { reason: 'StoreUnavailable', message: 'm' } } },
      undefined,
      'waiting',
    ],
    ['waits for a store that refuses', { state: failed('remove') }, undefined, 'waiting'],
    ['needs no policies', { world: { guard: { is: 'broken', message: 'm' } } }, 'remove', 'progressing'],
  ])('%s', (_, given, step, is) => {
    const plan = ending(given);
    expect([stepOf(plan), plan.outcome.is]).toEqual([step, is]);
  });

  test.each<[string, Given]>([
    [
      'of a store that does not exist',
      { world: { isOpen: false, unready: { reason: 'StoreNotFound', message: 'm', isGone: true } } },
    ],
    [
      'of a store that was away for an hour',
      {
        status: { ...isStored, removalStartTime: at(-3600) },
        world: { isOpen: false, unready: { reason: 'StoreUnavailable', message: 'm' } },
      },
    ],
    [
      'that the store refuses for an hour',
      { status: { ...isStored, removalStartTime: at(-3600) }, state: failed('remove') },
    ],
  ])('%s says what is left', (_, given) => {
    const { status, notes, conditions } = ending(given);
    expect(status.removal).toMatchObject({
      result: 'Left',
      message: expect.stringMatching(/^s3:\/\/b\/exports\/q4-u1.tar was left in the store/) as unknown,
    });
    expect(notes).toMatchObject([{ type: 'Warning', reason: 'ArchiveLeft' }]);
    expect(conditions?.['Available']).toMatchObject({ status: 'False', reason: 'ArchiveLeft', warns: true });
  });

  test('says that the bucket itself locks what is left', () => {
    const archive = { ...stored, lockedUntil: at(86_400) };
    const status = { ...isStored, archive, removalStartTime: at(-3600) };
    expect(ending({ status, state: failed('remove') }).status.removal?.message).toContain(
      `the bucket locks it until ${at(86_400)}`,
    );
  });
});
