/** The rights that no test uses, with what they are for, are in docs/security.md as they are in test/rights/unused.ts. */
import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { grantedRights } from './rights/rights.ts';
import { unused, unusedInstalled } from './rights/unused.ts';

const page = readFileSync(resolve(import.meta.dirname, '../docs/security.md'), 'utf8');

function table(rights: Readonly<Record<string, string>>): string {
  const rows = [...Map.groupBy(Object.keys(rights), (right) => rights[right])].map(
    ([why, own]) => `| ${own.map((right) => `\`${right}\``).join(', ')} | ${why} |\n`,
  );
  return `| right | why it is there |\n| --- | --- |\n${rows.join('')}\n`;
}

const installed = Object.fromEntries(Object.entries(unusedInstalled).filter(([right]) => !(right in unused)));

test.each<[string, Readonly<Record<string, string>>]>([
  ['by the integration tests', unused],
  ['by an installation on a real node', installed],
])('rights that are not used %s are in the docs', (_, rights) => {
  expect(page).toContain(table(rights));
});

test('what is explained is granted', () => {
  const granted = grantedRights();
  expect(Object.keys(unusedInstalled).filter((right) => !granted.has(right))).toEqual([]);
});

test('the page says how many rights there are', () => {
  expect(page).toContain(`Of ${grantedRights().size} rights,`);
});
