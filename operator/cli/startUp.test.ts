/** What `kubectl holdfast` loads: what is not needed for an answer costs every user time. */
import { spawnSync } from 'node:child_process';
import { relative, resolve } from 'node:path';
import { expect, test } from '@jest/globals';

const root = resolve(import.meta.dirname, '../..');

/** Files of ours, and packages, in no order. */
function loadedBy(...args: string[]): { readonly own: string[]; readonly packages: string[] } {
  const hook = `
    import { registerHooks } from 'node:module';
    import { writeSync } from 'node:fs';
    const seen = new Set();
    registerHooks({ load: (url, context, next) => (seen.add(url), next(url, context)) });
    process.on('exit', () => writeSync(3, JSON.stringify([...seen])));`;
  const { output } = spawnSync(
    process.execPath,
    [`--import=data:text/javascript,${encodeURIComponent(hook)}`, resolve(root, 'operator/cli/main.ts'), ...args],
    { stdio: ['ignore', 'pipe', 'pipe', 'pipe'], encoding: 'utf8', env: { PATH: process.env['PATH'] } },
  );
  const urls = (JSON.parse(output[3] ?? '[]') as string[]).filter((url) => url.startsWith('file:'));
  const paths = urls.map((url) => relative(root, new URL(url).pathname));
  const packaged = paths.flatMap((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
  return { own: paths.filter((path) => !path.includes('node_modules')), packages: [...new Set(packaged)].sort() };
}

test('the help loads the command line alone: no package, no domain, nothing that reaches a cluster', () => {
  const { own, packages } = loadedBy('--help');
  expect(packages).toEqual([]);
  expect(own.length).toBeGreaterThan(10);
  expect(own.filter((path) => !/^operator\/(cli\/([^/]+|import\/[^/]+\/index)|lib\/[^/]+)\.ts$/.test(path))).toEqual(
    [],
  );
});

test.each(['status', 'check', 'import ocm'])(
  '%s --help loads what the help of all loads, and nothing else',
  (words) => {
    expect(loadedBy(...words.split(' '), '--help').own.toSorted()).toEqual(loadedBy('--help').own.toSorted());
  },
);

// Each of these is an answer of a second or less, and was slow with what others need.
test.each([
  ['status', ['js-yaml', 'undici']],
  ['why web-01', ['js-yaml', 'undici']],
  ['rollout get', ['js-yaml', 'node-cron', 'undici']],
  ['scan web-01', ['js-yaml', 'undici']],
])('%s loads of packages only what reads a kubeconfig, reaches a cluster and measures text', (line, needed) => {
  const { packages, own } = loadedBy(...line.split(' '), '--kubeconfig', resolve(root, 'test/no-such-kubeconfig'));
  const text = ['ansi-regex', 'get-east-asian-width', 'string-width', 'strip-ansi'];
  expect(packages.filter((name) => ![...needed, ...text].includes(name))).toEqual([]);
  expect(packages).toEqual(expect.arrayContaining(needed));
  expect(own.filter((path) => /^operator\/(evidence|connect|cel)\//.test(path))).toEqual([]);
});
