import { describe, expect, test } from '@jest/globals';
import { OwnWrites, type Progress } from './ownWrites.ts';

const cache = (resourceVersion: string, listedAt = 0): Progress & { resourceVersion: string; listedAt: number } => ({
  resourceVersion,
  listedAt,
  whenSeen: () => undefined,
});

describe('own writes', () => {
  test('are unseen until the cache has come to their version', () => {
    const writes = new OwnWrites();
    const devices = cache('99');
    writes.record('a', devices, '100', 1);
    expect(writes.unseen('a')).toMatchObject({ cache: devices, resourceVersion: '100' });
    expect(writes.unseen('b')).toBeUndefined();
    devices.resourceVersion = '100';
    expect(writes.unseen('a')).toBeUndefined();
    devices.resourceVersion = '1';
    expect(writes.unseen('a')).toBeUndefined();
  });

  test('of several kinds must all be seen, and of one kind the last counts', () => {
    const writes = new OwnWrites();
    const [devices, reports] = [cache('10'), cache('10')];
    writes.record('a', devices, '11', 1);
    writes.record('a', reports, '12', 1);
    writes.record('a', reports, '20', 1);
    devices.resourceVersion = '15';
    expect(writes.unseen('a')?.cache).toBe(reports);
    reports.resourceVersion = '19';
    expect(writes.unseen('a')?.resourceVersion).toBe('20');
    reports.resourceVersion = '20';
    expect(writes.unseen('a')).toBeUndefined();
  });

  test('are seen by a list that began after them, even when the store was put back to an older version', () => {
    const writes = new OwnWrites();
    const devices = cache('10', 0);
    writes.record('a', devices, '500', 5);
    devices.resourceVersion = '20';
    devices.listedAt = 4;
    expect(writes.unseen('a')).toBeDefined();
    devices.listedAt = 6;
    expect(writes.unseen('a')).toBeUndefined();
  });

  test('fail open when versions are no numbers, and are forgotten with their object', () => {
    const writes = new OwnWrites();
    writes.record('a', cache('10'), 'opaque', 1);
    expect(writes.unseen('a')).toBeUndefined();
    writes.record('a', cache('10'), '11', 1);
    writes.forget('a');
    expect(writes.unseen('a')).toBeUndefined();
  });
});
