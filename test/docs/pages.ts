/** All pages, their blocks, and which test runs the commands of which. */
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { blocksOf, typed, type Block } from './blocks.ts';

export const root = resolve(import.meta.dirname, '../..');

export const pages: readonly string[] = globSync(
  ['*.md', 'docs/**/*.md', 'policies/*.md', 'charts/**/*.md', 'operator/**/*.md', 'manifests/**/*.md'],
  { cwd: root },
).toSorted();

/**
 * By the test that runs all commands of these pages, in their order, but for the blocks that say otherwise in a comment above them:
 * `<!-- not run: REASON -->`, `<!-- run by test/integration/NAME.test.ts -->`, or where a machine decides what is printed, `<!-- output not compared: REASON -->`.
 */
export const runs: Readonly<Record<string, readonly string[]>> = {
  'test/integration/fleetCanaryTutorial.test.ts': ['docs/tutorials/fleet-canary.md'],
  'test/integration/monitoring.test.ts': [
    'docs/monitoring.md',
    ...pages.filter((page) => page.startsWith('docs/runbooks/')),
  ],
  'test/integration/docs.test.ts': [
    'README.md',
    'docs/tutorials/platform-engineer.md',
    'docs/tutorials/automation-owner.md',
    'docs/tutorials/application-team.md',
    'docs/tutorials/security-stakeholder.md',
    'docs/tutorials/auditor.md',
    'docs/clusterBaseline.md',
  ],
};

export function read(page: string): string {
  return readFileSync(join(root, page), 'utf8');
}

/** The blocks of a page that readers type. */
export function commandBlocks(page: string): Block[] {
  return blocksOf(page, read(page)).filter(({ language }) => typed.includes(language));
}

/** Those of a page that its test in `runs` runs. */
export function blocksToRun(page: string): Block[] {
  return commandBlocks(page).filter(({ comment = '' }) => !/^(not run|run by)\b/.test(comment));
}
