/** What docs/adding.md says of adding is done, in a copy of the project: its blocks are files, its differences are lines. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/adding.md'), 'utf8');
const blocks = [...page.matchAll(/^```(ts|diff) (\S+)\n(.*?)^```/gms)].map(([, kind, path = '', text = '']) => ({
  kind,
  path,
  text,
}));
let copy: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'holdfast-adding-'));
  for (const part of ['operator', 'crds', 'manifests', 'docs/reference', 'package.json', 'tsconfig.json'])
    cpSync(join(root, part), join(copy, part), { recursive: true });
  // Tests and what they import are not there.
  const settings = JSON.parse(readFileSync(join(copy, 'tsconfig.json'), 'utf8')) as object;
  writeFileSync(join(copy, 'tsconfig.json'), JSON.stringify({ ...settings, include: ['operator/main.ts'] }));
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const { kind, path, text } of blocks) {
    const file = join(copy, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, kind === 'ts' ? text : withLines(readFileSync(file, 'utf8'), text));
  }
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Imports go to the imports, a row to the end of the list. */
function withLines(file: string, difference: string): string {
  return difference.split('\n').reduce((text, line) => {
    if (line.startsWith('+import')) return text.replace(/^import/m, `${line.slice(1)}\nimport`);
    if (!line.startsWith('+')) return text;
    const end = text.search(/\](?= as const;|;)/);
    return `${text.slice(0, end).replace(/,?\s*$/, ',')}${line.slice(1)}${text.slice(end)}`;
  }, file);
}

/** What it prints; a failure shows it. */
const run = (...args: string[]): string => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', ...args], {
    cwd: copy,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  if (status !== 0) throw new Error(`${args.join(' ')} fails: ${stdout}${stderr}`);
  return stdout;
};

test('a source of findings and a notifier cost a folder or a file, and a line in each list', () => {
  const lines = blocks
    .filter(({ kind }) => kind === 'diff')
    .map(({ path, text }) => [path, text.match(/^\+(?!import)/gm)?.length]);
  expect(lines).toEqual([
    ['operator/features.ts', 1],
    ['operator/findingSources.ts', 1],
    ['operator/notifiers.ts', 1],
  ]);
  run('operator/tools/generate.ts');
  run('node_modules/typescript/bin/tsc', '--noEmit', '-p', '.');
  const waivers = readFileSync(join(copy, 'crds/holdfast.dev_policywaivers.yaml'), 'utf8');
  expect(waivers).toContain('- LabelPolicy');
  const rights = readFileSync(join(copy, 'manifests/rbac/role.yaml'), 'utf8');
  expect(rights).toContain('- labelpolicies');
  const argocd = readFileSync(join(copy, 'manifests/argocd/argocd-cm.yaml'), 'utf8');
  expect(argocd).toContain(
    'resource.customizations.health.holdfast.dev_LabelPolicy: |\n    local facts = { summary = "Ready"',
  );
  const told = JSON.parse(run(join(root, 'test/adding/exercise.ts'))) as Record<string, unknown>;
  expect(told).toMatchObject({
    open: {
      compliant: {
        status: 'False',
        reason: 'Drifted',
        message: '1 of 2 checks fails: cost; see DriftReport labels.namespace.shop',
      },
      report: { kind: 'DriftReport', name: 'labels.namespace.shop', namespace: 'shop', status: { result: 'Fail' } },
      metrics: { open: 1, waived: 0 },
    },
    waived: {
      compliant: { status: 'True', reason: 'CompliantByWaiver', message: '2 checks pass, 1 by waiver' },
      report: { status: { result: 'Waived' } },
      metrics: { open: 0, waived: 1 },
      named: [1],
    },
    warned: [['LabelPolicy Drifted', 1]],
  });
}, 120_000);
