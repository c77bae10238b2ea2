import { describe, expect, test } from '@jest/globals';
import { readerOf } from '../../test/builders/reader.ts';
import { resources } from '../api/generated/resources.ts';
import type { Reader } from '../runtime/feature.ts';
import { declaredIn, waiversIn, whyOutdated } from './current.ts';

const { signal } = new AbortController();
const deciding = [waiversIn('ops'), ...declaredIn('ops', resources.MaintenanceWindow)];
const asked = (isCurrent: Reader['isCurrent'], within = signal) =>
  whyOutdated(deciding, { read: { ...readerOf(), isCurrent }, signal: within });

describe('what decides about corrections', () => {
  test('is known as it is now', async () => {
    expect(await asked(() => Promise.resolve(true))).toBeUndefined();
  });
  test('is not, when a watch is late, or silent', async () => {
    expect(await asked(({ kind }) => Promise.resolve(kind !== 'PolicyWaiver'))).toBe(
      'waits until recent changes of PolicyWaivers in namespace ops are seen',
    );
  });
  test('is not, when it cannot be read', async () => {
    expect(
      await asked(({ kind }) =>
        kind === 'MaintenanceWindow' ? Promise.reject(new Error('429')) : Promise.resolve(true),
      ),
    ).toBe('waits, because MaintenanceWindows in namespace ops could not be read: 429');
  });
  test('is asked no longer by a pass that is over', async () => {
    const over = AbortSignal.abort(new Error('over'));
    await expect(asked(() => Promise.reject(new Error('aborted')), over)).rejects.toThrow('over');
  });
});
