import { describe, expect, test } from '@jest/globals';
import { parseComment } from './comments.ts';
import { readSpec } from './testdata/readSpec.ts';

describe('the text of a comment', () => {
  test('is a description, joined by paragraph, and tags up to the next tag', () => {
    const comment = parseComment(
      '/**\n * First line\n * second line.\n *\n * Next.\n * - an item\n * @a one\n *   two\n * @b\n */',
    );
    expect(comment.description).toBe('First line second line.\n\nNext.\n- an item');
    expect(comment.tags).toEqual([
      { name: 'a', value: 'one\n  two' },
      { name: 'b', value: '' },
    ]);
  });

  test('may hold several tags on one line', () => {
    expect(parseComment('/** Port. @minimum 1 @maximum 65535 */')).toEqual({
      description: 'Port.',
      tags: [
        { name: 'minimum', value: '1' },
        { name: 'maximum', value: '65535' },
      ],
    });
  });

  test('keeps an @ inside a word, and braces and back-quotes as they are', () => {
    const value = '[?(@.type=="Ready")] user@host {1,2} `a|b`';
    expect(parseComment(`/** Mail a@b.c\n * @x ${value}\n */`)).toEqual({
      description: 'Mail a@b.c',
      tags: [{ name: 'x', value }],
    });
  });

  test('takes a name with a colon as a whole, so that it is an unknown tag and not a known one', () => {
    expect(parseComment('/** @kubernetes:resource plural=x */').tags[0]?.name).toBe('kubernetes:resource');
  });
});

describe('a comment that TypeScript would drop', () => {
  const lost = 'TypeScript attaches this comment to nothing';

  test('is reported with its line when it follows a brace or a semicolon', () => {
    const { problems } = readSpec(
      '',
      'interface A { /** One. */ a: string;\nb: string; /** @maxLength 1 */ c: string }',
    );
    expect(problems.filter((problem) => problem.includes(lost))).toEqual([
      expect.stringMatching(/^thing\.ts:17: /),
      expect.stringMatching(/^thing\.ts:18: /),
    ]);
  });

  test('is reported when it stands on a member of a union', () => {
    const { problems } = readSpec('', "type A =\n  /** The first. */\n  | 'A'\n  | 'B';");
    expect(problems[0]).toContain(lost);
  });

  test('leaves its field without a description, which is reported too', () => {
    const { problems } = readSpec('field?: boolean; /** Lost. */ other?: boolean');
    expect(problems).toContainEqual(expect.stringMatching(/^Thing\.spec\.other: has no description/));
  });

  test('is reported when it is one of two and holds tags', () => {
    const { problems } = readSpec('/** @maxLength 1 */\n/** A field. */\nfield?: boolean;');
    expect(problems).toEqual([
      'Thing.spec.field: has two JSDoc comments and TypeScript reads only the last; merge them',
    ]);
  });

  test('is not reported when it is the header of a file or an ordinary comment', () => {
    expect(readSpec('/** A field. */\nfield?: boolean; // why\n/* how */').problems).toEqual([]);
  });

  test('shows as a syntax error when a pattern ends it early', () => {
    const { problems } = readSpec('/**\n * A field.\n * @pattern ^a*/b$\n */\nfield?: string;');
    expect(problems[0]).toMatch(/^thing\.ts:\d+: /);
  });
});
