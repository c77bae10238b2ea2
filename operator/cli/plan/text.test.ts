import { describe, expect, test } from '@jest/globals';
import { planText, type PlannedObject } from './text.ts';

const one = (more: Partial<PlannedObject> = {}): PlannedObject => ({
  ...{ file: 'a.yaml', kind: 'Device', namespace: 'fleet', name: 'web-01', is: 'changed', differences: [], notes: [] },
  ...more,
});
const text = (...objects: PlannedObject[]) => planText({ objects, problems: [] }, false);

describe('a plan', () => {
  test('of nothing that differs is one line', () => {
    expect(text(one({ is: 'same' }), one({ is: 'same' }))).toBe('Plan: 2 unchanged.\n');
  });

  test('shows an object that is the same where Holdfast would act on it', () => {
    const effect = { acts: true, facts: {}, branches: [{ text: 'correction:' }] };
    expect(text(one({ is: 'same', effect }))).toContain('Device fleet/web-01: unchanged\n└─ correction:\n');
  });

  // A diff of thousands of lines is read by nobody.
  test('of very many differences shows the first, and how many there are', () => {
    const differences = Array.from({ length: 300 }, (_, at) => ({
      path: `spec.a${at}`,
      is: 'added' as const,
      after: 'x',
    }));
    const shown = text(one({ differences }));
    expect(shown.split('\n').length).toBeLessThan(20);
    expect(shown).toContain('and 288 more differences; -o wide shows them');
    expect(planText({ objects: [one({ differences })], problems: [] }, true)).toContain('spec.a299');
  });

  test('is no wider than 80 columns, and nothing in it reaches the terminal as more than text', () => {
    const evil = `\x1b[2J\x9b31m\u202e${'long words '.repeat(30)}${'x'.repeat(200)}`;
    const shown = planText(
      {
        objects: [
          one({
            message: evil,
            notes: [evil],
            differences: [{ path: evil, is: 'changed', before: evil, after: evil }],
          }),
        ],
        problems: ['a.yaml: \x1b[31m'],
      },
      false,
    );
    expect(shown).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    expect(shown.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
});
