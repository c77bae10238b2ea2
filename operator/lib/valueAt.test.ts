import { expect, test } from '@jest/globals';
import { withValueAt } from './valueAt.ts';

test('a value is put at its path, and nothing that was there is changed', () => {
  const before = Object.freeze({ runs: Object.freeze([{ name: 'a' }, { name: 'b' }]), other: 1 });
  expect(withValueAt(before, ['runs', 1, 'uid'], 'u')).toEqual({
    runs: [{ name: 'a' }, { name: 'b', uid: 'u' }],
    other: 1,
  });
  expect(before.runs[1]).toEqual({ name: 'b' });
  expect(withValueAt({}, ['job', 'uid'], 'u')).toEqual({ job: { uid: 'u' } });
  expect(withValueAt({}, ['runs', 0], 'u')).toEqual({ runs: ['u'] });
});
