/** Every command of every page is run by a test or says why not, and what pages mention is there: commands, flags, targets, files, headings, fields of objects. */
import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { resources } from '../operator/api/generated/resources.ts';
import { commands } from '../operator/cli/commands.ts';
import { blocksOf, commandsOf } from './docs/blocks.ts';
import { faultsOf, objectsIn } from './docs/manifests.ts';
import {
  anchorsOf,
  brokenLinks,
  faultOf,
  mentionedCommands,
  mentionedFiles,
  mentionedTargets,
  mentionedValues,
} from './docs/mentions.ts';
import { blocksToRun, commandBlocks, pages, read, root, runs } from './docs/pages.ts';
import { alike, isShown } from './docs/shown.ts';

/** What an excuse says: what a test cannot have, in some words. */
const reason = /^(?:not run|output not compared): \S+(?: \S+){2,}/;

/** Decisions and changes of before may name what there no longer is. */
const current = pages.filter((page) => !/^(CHANGELOG|docs\/adr\/)/.test(page));

describe('commands of pages', () => {
  const blocks = pages.flatMap(commandBlocks);

  test('are each run by a test, or the page says why not', () => {
    expect(blocks.length).toBeGreaterThan(100);
    const run = new Set(Object.values(runs).flat());
    const wrong = blocks.filter(({ page, comment = '' }) => {
      const [, by] = /^run by (\S+)$/.exec(comment) ?? [];
      if (by !== undefined) return !existsSync(join(root, by)) || !readFileSync(join(root, by), 'utf8').includes(page);
      const isExcused = /^(?:not run|output not)/.test(comment);
      if (isExcused && !reason.test(comment)) return true;
      return !comment.startsWith('not run') && !run.has(page);
    });
    expect(
      wrong.map(
        ({ page, line }) =>
          `${page}:${line}: no test runs this; add the page to test/docs/pages.ts, or <!-- not run: REASON --> above`,
      ),
    ).toEqual([]);
  });

  test('that are compared show more than that something is left out', () => {
    const empty = blocks.flatMap(({ page, line, text }) =>
      commandsOf({ text })
        .filter(({ shows }) => shows.length > 0 && !shows.some((shown) => /\w/.test(shown)))
        .map((command) => `${page}:${line}: ${command.text}`),
    );
    expect(empty).toEqual([]);
  });

  test('that are not run name tests and pages that are there', () => {
    const named = blocks.flatMap(({ page, line, comment = '' }) =>
      [...comment.matchAll(/\b(?:(?:test|operator|docs)\/[\w./-]*\w|README\.md)/g)].map(([path]) => ({
        page,
        line,
        path,
      })),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter(({ path }) => !existsSync(join(root, path)))).toEqual([]);
  });

  test('are run by tests that are there, of pages that have some', () => {
    for (const [file, own] of Object.entries(runs)) {
      expect({ file, exists: existsSync(join(root, file)) }).toEqual({ file, exists: true });
      expect(own.filter((page) => !pages.includes(page) || blocksToRun(page).length === 0)).toEqual([]);
    }
    const all = Object.values(runs).flat();
    expect(all.filter((page, index) => all.indexOf(page) !== index)).toEqual([]);
  });
});

describe('what pages mention is there:', () => {
  test('commands of kubectl holdfast, with their flags', () => {
    const mentions = current.flatMap((page) => mentionedCommands(read(page)).map((line) => ({ page, line })));
    expect(mentions.length).toBeGreaterThan(60);
    const faults = mentions.flatMap(({ page, line }) => {
      const fault = faultOf(line, commands);
      return fault === undefined ? [] : [`${page}: kubectl holdfast ${line}: ${fault}`];
    });
    expect(faults).toEqual([]);
  });

  test('targets of make', () => {
    const makefile = readFileSync(join(root, 'Makefile'), 'utf8');
    const targets = new Set([...makefile.matchAll(/^([a-z0-9-]+):/gm)].map(([, name]) => name));
    const mentions = current.flatMap((page) => mentionedTargets(read(page)).map((target) => ({ page, target })));
    expect(mentions.length).toBeGreaterThan(20);
    expect(mentions.filter(({ target }) => !targets.has(target))).toEqual([]);
  });

  test('files that commands name', () => {
    const named = current.flatMap((page) =>
      commandBlocks(page)
        .flatMap(commandsOf)
        .flatMap(({ text }) => mentionedFiles(text).map((path) => ({ page, path }))),
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter(({ path }) => !existsSync(join(root, path)))).toEqual([]);
  });

  test('values of the chart', () => {
    const values = load(readFileSync(join(root, 'charts/holdfast/values.yaml'), 'utf8')) as object;
    const mentions = current.flatMap((page) => mentionedValues(read(page)).map((path) => ({ page, path })));
    expect(mentions.length).toBeGreaterThan(3);
    expect(mentions.filter(({ path }) => !hasValue(values, path.split('.')))).toEqual([]);
  });

  test('files and headings that links lead to', () => {
    expect(pages.flatMap((page) => brokenLinks(root, page, read))).toEqual([]);
  });

  test('objects are valid, by schema and by rules', () => {
    const shown = current.filter((page) => page !== 'docs/adding.md').flatMap((page) => objectsIn(page, read(page)));
    expect(shown.length).toBeGreaterThan(20);
    expect(shown.flatMap(faultsOf)).toEqual([]);
  });

  test('every page is reached from docs/README.md, and every kind is named there', () => {
    const index = read('docs/README.md');
    const reached = new Set(['docs/README.md']);
    for (const page of reached) {
      const to = [...read(page).matchAll(/\]\((?!\w+:)([^)#\s]+)/g)].map(([, path = '']) => join(page, '..', path));
      for (const path of to) if (pages.includes(path)) reached.add(path);
    }
    const own = pages.filter((page) => /^docs\/(tutorials\/)?[^/]+$/.test(page));
    expect(own.filter((page) => !reached.has(page))).toEqual([]);
    expect(Object.keys(resources).filter((kind) => !index.includes(kind))).toEqual([]);
  });
});

/** An empty map takes any keys, such as the names of namespaces. */
function hasValue(values: unknown, [first, ...rest]: readonly string[]): boolean {
  if (first === undefined) return true;
  if (typeof values !== 'object' || values === null) return false;
  if (Object.keys(values).length === 0) return true;
  return first in values && hasValue((values as Record<string, unknown>)[first], rest);
}

describe('a block', () => {
  const page = `Text.

<!-- not run: needs a cluster
     of OpenShift -->

\`\`\`console
$ kubectl get devices
NAME
bob$ kubectl create -f - <<'EOF'
$ not: a command
EOF
web-01# echo 'two
lines' > /etc/motd
$ kubectl get \\
  devices
\`\`\`
1. In a list:
   \`\`\`yaml
   a: 1
   \`\`\`
`;

  test('has its comment, its text without what indents it, and its commands with what they show', () => {
    const [console, yaml] = blocksOf('a.md', page);
    expect(console).toMatchObject({ line: 6, language: 'console', comment: 'not run: needs a cluster of OpenShift' });
    expect(yaml).toEqual({ page: 'a.md', line: 18, language: 'yaml', text: 'a: 1\n' });
    expect(commandsOf(console!)).toEqual([
      { text: 'kubectl get devices', isOnHost: false, shows: ['NAME'] },
      { text: "kubectl create -f - <<'EOF'\n$ not: a command\nEOF", who: 'bob', isOnHost: false, shows: [] },
      { text: "echo 'two\nlines' > /etc/motd", who: 'web-01', isOnHost: true, shows: [] },
      { text: 'kubectl get \\\n  devices', isOnHost: false, shows: [] },
    ]);
  });

  // https://github.com/backnotprop/plannotator/pull/355, https://github.com/hougesen/mdsf/issues/697
  test('within another is text of that one', () => {
    const text = '````markdown\n```console\n$ rm -rf /\n```\n````\n```sh\nls\n```\n';
    expect(blocksOf('a.md', text).map(({ language, line }) => [language, line])).toEqual([
      ['markdown', 1],
      ['sh', 6],
    ]);
  });

  // https://github.com/adamtheturtle/doccmd/issues/838
  test('may begin in the line of an item of a list, and end with a longer fence', () => {
    const text = '- ```sh\n  ls\n  ````\n1. ~~~sh\n   pwd\n   ~~~\n';
    expect(blocksOf('a.md', text).map(({ text: inner }) => inner)).toEqual(['ls\n', 'pwd\n']);
  });

  // https://github.com/ldayton/Parable/pull/180
  test('has here-documents that end with their word alone', () => {
    const text = '$ cat <<EO\nEOF\n$ ls\nEO\nEOF\n$ ls\n';
    expect(commandsOf({ text }).map((command) => command.text)).toEqual(['cat <<EO\nEOF\n$ ls\nEO', 'ls']);
  });

  // https://github.com/cline/cline/pull/11518
  test('has strings for standard input, which are no documents', () => {
    expect(commandsOf({ text: '$ wc -c <<< hello\n6\n$ ls\n' }).map(({ shows }) => shows)).toEqual([['6'], []]);
  });

  test('without prompts is one script', () => {
    expect(commandsOf({ text: 'a=1\necho $a\n' })).toEqual([{ text: 'a=1\necho $a', isOnHost: false, shows: [] }]);
  });
});

describe('what a page shows', () => {
  const table = ['NAME     READY   AGE', 'web-01   True    49s'];

  test.each([
    ['whatever the width and the age', table, 'NAME   READY   AGE\nweb-01 True    2m3s\n', true],
    ['but not another value', table, 'NAME READY AGE\nweb-01 False 49s\n', false],
    ['but not a line less', table, 'NAME READY AGE\n', false],
    ['but not a line more', table, 'NAME READY AGE\nweb-01 True 1s\nweb-02 True 1s\n', false],
    ['with lines left out', [...table, '…'], 'NAME READY AGE\nweb-01 True 1s\nweb-02 True 1s\nb\n', true],
    ['with no line left out', ['a', '…', 'b'], 'a\nb\n', true],
    ['with a part of a line left out', ['a … c'], 'a b b c\n', true],
    ['but no more than that line', ['a … c'], 'a b\nb c\n', false],
    ['with brackets as they are', ['[a] (b)'], '[a] (b)\n', true],
    ['with another digest', ['sha256:00000000'], 'sha256:1f2e3d4c\n', true],
    ['with the address of a host', ['web-01.example.com responds'], '10.213.1.11 responds\n', true],
    ['at another time', ['until 2026-11-27T12:00:00Z, for 12 min'], 'until 2027-01-01T00:00:00Z, for 2 s\n', true],
    ['nothing at all', ['a'], '', false],
  ])('is what was printed, %s', (_, shows, printed, is) => {
    expect(isShown(shows, printed)).toBe(is);
  });

  test('keeps names and counts apart', () => {
    expect(alike('web-01 3/7 rhel9-1 3 of 7')).toBe('web-01 3/7 rhel9-1 3 of 7');
  });
});

describe('a mention', () => {
  test.each([
    ['status -n fleet', undefined],
    ['status --nowhere', "'status' has no flag --nowhere"],
    ['frobnicate', "there is no command 'frobnicate'"],
    ['rollout get rhel9 --until-done', undefined],
    ['rollout frobnicate', "there is no command 'rollout frobnicate'"],
    ['rollout', undefined],
    ['COMMAND --help', undefined],
    ['', undefined],
    ['check -f FILE --local.', undefined],
  ])('of kubectl holdfast %s', (line, fault) => {
    expect(faultOf(line, commands)).toBe(fault);
  });

  test('is found in sentences and in commands, up to where it ends', () => {
    const text = '`kubectl holdfast status -o json` and\n$ kubectl holdfast waive a \\\n  b --reason "x | y" | cat\n';
    expect(mentionedCommands(text)).toEqual(['status -o json', 'waive a b --reason VALUE']);
  });

  test('of a target of make is that of the command line', () => {
    expect(mentionedTargets('`make bench NAME=scan`, `KEEP=1 make demo`, to make sure\nmake unit\n')).toEqual([
      'bench',
      'demo',
      'unit',
    ]);
  });

  // https://github.com/rjwalters/loom/pull/7806: each blank is a dash, also where a sign between two was left out
  test('of a heading with a sign has two dashes', () => {
    expect([...anchorsOf('## Fleet — operator\n## a_b & c\n')]).toEqual(['fleet--operator', 'a_b--c']);
  });

  // https://github.com/lycheeverse/lychee/issues/1425
  test('of a heading of the same page is followed', () => {
    const read = () => '# Test\n## Anchor\n[here](#ancho) and [there](#anchor)\n';
    expect(brokenLinks(root, 'README.md', read)).toEqual(['README.md: README.md has no heading #ancho']);
  });

  // https://github.com/k3d-io/k3d/issues/435
  test('of a flag that has another name now is found in the middle of a sentence', () => {
    const [line = ''] = mentionedCommands('Run `kubectl holdfast rollout get rhel9 --until-complete`, and wait.');
    expect(faultOf(line, commands)).toBe("'rollout get' has no flag --until-complete");
  });

  test('of a heading is as GitHub makes it', () => {
    expect([...anchorsOf('# A `b`: c, d\n## Twice\n## Twice\n```\n# not\n```\n')]).toEqual([
      'a-b-c-d',
      'twice',
      'twice-1',
    ]);
  });
});
