import { describe, expect, test } from '@jest/globals';
import { indexPage, kindPage } from './docs.ts';
import type { Kind } from './schema.ts';
import { readSpec } from './testdata/readSpec.ts';

function readKind(fields = '', declarations = '', tags: readonly string[] = []): Kind {
  const { kind, problems } = readSpec(fields, declarations, tags);
  if (!kind || problems.length > 0) throw new Error(`The kind of the test cannot be read: ${problems.join('\n')}`);
  return kind;
}

/** The row of the field in the table of the spec. */
function row(name: string, fields: string, declarations = ''): string {
  const lines = kindPage(readKind(fields, declarations)).split('\n');
  return lines.find((line) => line.includes(`\`${name}\` |`)) ?? '';
}

describe('the row of a field says', () => {
  test('its type, that it is required, and its description', () => {
    expect(row('a', '/** Whether. */\na: boolean;')).toBe('| `a` | boolean, **required** | Whether. |');
  });

  test('its bounds and its default in words', () => {
    const text = row('a', '/** How many. @minimum 1 @maximum 9 @default 3 @example 4 */\na: Int32;');
    expect(text).toBe('| `a` | integer | How many.<br>1 to 9.<br>Default: `3`.<br>Example: `4`. |');
  });

  test('its words, and lists and maps with what each item must be', () => {
    expect(row('a', "/** A. */\na?: 'X' | 'Y';")).toContain('One of `X`, `Y`.');
    expect(row('a', "/** A. @maxItems 1 @listType set */\na?: ('X' | 'Y')[];")).toBe(
      '| `a` | list of string | A.<br>At most 1 item. No duplicate items. Each one of `X`, `Y`. |',
    );
    expect(row('a', '/** A. @minProperties 2 @maxProperties 2 */\na?: Record<string, Timestamp>;')).toBe(
      '| `a` | map to time | A.<br>Exactly 2 entries. |',
    );
  });

  test('its rules by their messages, and those of the parent that are about it', () => {
    const text = row('a', '/** A. @rule self :: it must be true @immutable */\na?: boolean;');
    expect(text).toContain('Rule: It must be true.<br>Rule: `a` cannot be added, changed or removed; ');
  });

  test('the name of its type, which is explained once, unless the field changes the bounds', () => {
    const declarations = '/**\n * A name.\n * @maxLength 9\n * @rule self != "" :: not empty\n */\ntype Name = string;';
    expect(row('a', '/** A. */\na?: Name;', declarations)).toBe('| `a` | [Name](#types) | A. |');
    expect(row('a', '/** A. @maxLength 5 */\na?: Name;', declarations)).toBe(
      '| `a` | string | A.<br>At most 5 characters.<br>Rule: Not empty. |',
    );
    expect(kindPage(readKind('/** A. */\na?: Name;', declarations))).toContain(
      '## Types\n\n| Type | What it is |\n|---|---|\n| `Name` | A name.<br>At most 9 characters.<br>Rule: Not empty. |',
    );
  });

  test('nothing that breaks the table or could be taken for HTML, and code as it is', () => {
    const text = row('a', '/** A <b> | c, `<d>`. @maxLength 5 @pattern ^[`|]$ */\na?: string;');
    expect(text).toContain('A &lt;b> \\| c, `<d>`.');
    expect(text).toContain('`` ^[`\\|]$ ``');
  });
});

test('fields within fields, lists and maps stand indented below them', () => {
  const fields = '/** A. @maxItems 1 @listType atomic */\na?: {\n/** B. */\nb?: {\n/** C. */\nc: boolean } }[];';
  const page = kindPage(readKind(fields));
  expect(page).toContain('| `a` | list of object |');
  expect(page).toContain('| &emsp;↳ `b` | object |');
  expect(page).toContain('| &emsp;&emsp;↳ `c` | boolean, **required** |');
});

test('the page shows how to ask for the kind, its rules, its sample and its columns', () => {
  const page = kindPage(
    readKind('', '', [
      '@printcolumn Age date .metadata.creationTimestamp :: How old it is',
      '@printcolumn Wide date .metadata.creationTimestamp priority=1',
      '@rule true :: all is well',
    ]),
    'kind: Thing\n',
  );
  expect(page).toContain('\n# Thing\n\nA thing.\n');
  expect(page).toContain('namespaced · `kubectl get things`');
  expect(page).toContain('\n- All is well.\n');
  expect(page).toContain('## Sample\n\n```yaml\nkind: Thing\n```\n');
  expect(page).toContain('| AGE | `.metadata.creationTimestamp` How old it is. |');
  expect(page).toContain('| WIDE (with `-o wide`) | `.metadata.creationTimestamp` |');
});

test('the index names each kind with the first sentence of its description', () => {
  const kind = { ...readKind(), shortNames: ['t'], description: 'One thing. Two.' };
  expect(indexPage([kind])).toContain('| [Thing](thing.md) | `t` | One thing. |');
});
