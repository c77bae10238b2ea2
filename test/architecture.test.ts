/** The shape of the code, as tests: imports go one way, time is passed in, files stay small, and the layout page is true. */
import { expect, test } from '@jest/globals';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { Project, SyntaxKind, type SourceFile } from 'ts-morph';
import { resources } from '../operator/api/generated/resources.ts';
import { schemas } from '../operator/api/generated/schemas.ts';
import { features } from '../operator/features.ts';
import { findingSources } from '../operator/findingSources.ts';

const root = resolve(import.meta.dirname, '..');
const operator = join(root, 'operator');
/** A folder that is not named here is a domain, and knows no other. For each layer, the layers whose values and types it may import; `typesOf` those of which it may import types only. */
const layers: Record<string, { imports: string[]; typesOf?: string[] }> = {
  lib: { imports: ['lib'] },
  api: { imports: ['lib', 'api'] },
  cel: { imports: ['lib', 'api', 'cel'] },
  runtime: { imports: ['lib', 'api', 'runtime'] },
  connect: { imports: ['lib', 'connect'] },
  findings: { imports: ['lib', 'api', 'findings'], typesOf: ['runtime'] },
  governance: { imports: ['lib', 'api', 'findings', 'governance'], typesOf: ['runtime', 'connect'] },
  response: { imports: ['lib', 'api', 'findings', 'response'], typesOf: ['runtime', 'connect'] },
  evidence: { imports: ['lib', 'api', 'findings', 'governance', 'evidence'], typesOf: ['runtime', 'connect'] },
  cli: { imports: ['lib', 'api', 'cli'], typesOf: ['runtime'] },
  'cli/evidence': { imports: ['lib', 'api', 'evidence', 'connect', 'cli', 'cli/evidence'], typesOf: ['runtime'] },
  'cli/check': {
    imports: [
      'lib',
      'api',
      'cel',
      'runtime',
      'findings',
      'drift',
      'evidence',
      'connect',
      'wiring',
      'cli',
      'cli/cluster',
      'cli/check',
    ],
  },
  // Schemas and rules, without a cluster.
  'cli/explain': { imports: ['lib', 'api', 'cel', 'drift', 'cli', 'cli/cluster', 'cli/explain'] },
  'cli/validate': {
    imports: [
      ...['lib', 'api', 'cel', 'runtime', 'governance', 'drift', 'rollout', 'evidence', 'wiring'],
      ...['cli', 'cli/cluster', 'cli/explain', 'cli/validate'],
    ],
  },
  // A plan is both: hosts by the user's own ssh, and a cluster.
  'cli/plan': {
    imports: [
      'lib',
      'api',
      'runtime',
      'findings',
      'governance',
      'drift',
      'connect',
      'cli',
      'cli/check',
      'cli/cluster',
      'cli/plan',
    ],
  },
  // What reaches a cluster is loaded by the commands that need it: nothing else of the CLI may import it at the start.
  'cli/cluster': {
    imports: [
      'lib',
      'api',
      'runtime',
      'findings',
      'governance',
      'drift',
      'rollout',
      'evidence',
      'wiring',
      'cli',
      'cli/cluster',
    ],
  },
  rollout: { imports: ['lib', 'api', 'findings', 'governance', 'drift', 'rollout'], typesOf: ['runtime', 'connect'] },
  drift: { imports: ['lib', 'api', 'cel', 'findings', 'governance', 'drift'], typesOf: ['runtime', 'connect'] },
};

const project = new Project({
  compilerOptions: { allowImportingTsExtensions: true },
  skipFileDependencyResolution: true,
});
const sources = project.addSourceFilesAtPaths(join(operator, '**/*.ts'));
const product = sources.filter(
  (file) => !file.getFilePath().endsWith('.test.ts') && layerOf(file.getFilePath()) !== 'tools',
);

/** The words in which a feature declares itself. */
const contract = 'runtime/feature.ts';

function layerOf(path: string): string {
  const [first = '', second = ''] = relative(operator, path).split('/');
  return layers[`${first}/${second}`] ? `${first}/${second}` : first;
}

/** What a file may import; `undefined` for those that wire, and the lists. */
function layerFor(file: SourceFile): { imports: string[]; typesOf?: string[] } | undefined {
  const layer = layerOf(file.getFilePath());
  if (layer.endsWith('.ts') || layer === 'wiring') return undefined;
  return layers[layer] ?? { imports: ['lib', 'api', 'cel', 'findings', layer], typesOf: ['runtime', 'connect'] };
}

function where(file: SourceFile): string {
  return relative(root, file.getFilePath());
}

/** Imports of our own files: the file named, and whether only types are taken. */
function imports(file: SourceFile): { path: string; typeOnly: boolean }[] {
  return [...file.getImportDeclarations(), ...file.getExportDeclarations()].flatMap((declaration) => {
    const target = declaration.getModuleSpecifierValue();
    return target?.startsWith('.')
      ? [{ path: resolve(dirname(file.getFilePath()), target), typeOnly: declaration.isTypeOnly() }]
      : [];
  });
}

test('imports go one way: lib, api, then cel, findings, runtime, connect and the domains, and wiring last', () => {
  const wrong = product.flatMap((file) => {
    const layer = layerFor(file);
    if (!layer) return [];
    return imports(file)
      .filter(
        ({ path, typeOnly }) =>
          !layer.imports.includes(layerOf(path)) &&
          !(layer.typesOf?.includes(layerOf(path)) && (typeOnly || relative(operator, path) === contract)),
      )
      .map(({ path }) => `${where(file)} imports ${relative(root, path)}`);
  });
  expect(wrong).toEqual([]);
});

test('no file imports itself by way of others, types included', () => {
  const files = new Map(product.map((file) => [file.getFilePath() as string, file]));
  const reached = (from: string, seen = new Set<string>()): Set<string> => {
    const file = files.get(from);
    for (const { path } of file ? imports(file) : []) if (!seen.has(path)) reached(path, seen.add(path));
    return seen;
  };
  const circular = [...files.keys()].filter((path) => reached(path).has(path));
  expect(circular.map((path) => relative(root, path))).toEqual([]);
});

test('what decides is pure: it imports no observing file, no library and no Node module that acts', () => {
  const isDomain = (file: SourceFile) =>
    ['findings', 'governance', 'drift', 'rollout', 'evidence'].includes(layerOf(file.getFilePath()));
  const claims = (file: SourceFile) =>
    isDomain(file) && / Pure\.\s*\*\//.test(file.getFullText().split('*/', 1)[0] + '*/');
  const pure = product.filter(
    (file) =>
      claims(file) ||
      /\/(decide|correction|corrections|attempts|contradictions|contention|hostCompliance|objectCompliance|remembered|openness|lifetime|told|results|work|before|report|finding|waived|fingerprint)\.ts$|\/drift\/checks\//.test(
        file.getFilePath(),
      ),
  );
  expect(pure.length).toBeGreaterThan(10);
  const wrong = pure.flatMap((file) =>
    file
      .getImportDeclarations()
      .filter(
        (one) =>
          !one.isTypeOnly() &&
          (!one.getModuleSpecifierValue().startsWith('.') || /\/observe\.ts$/.test(one.getModuleSpecifierValue())),
      )
      .map((one) => `${where(file)} imports ${one.getModuleSpecifierValue()}`),
  );
  expect(wrong).toEqual([]);
});

test('time is passed in: only main.ts and runtime/clock.ts ask for it', () => {
  const wrong = product
    .filter((file) => !/\/(main|runtime\/clock)\.ts$/.test(file.getFilePath()))
    .flatMap((file) => [
      ...file
        .getDescendantsOfKind(SyntaxKind.CallExpression)
        .filter((call) => call.getExpression().getText() === 'Date.now'),
      ...file
        .getDescendantsOfKind(SyntaxKind.NewExpression)
        .filter((made) => made.getExpression().getText() === 'Date' && made.getArguments().length === 0),
    ])
    .map((node) => `${where(node.getSourceFile())}:${node.getStartLineNumber()}`);
  expect(wrong).toEqual([]);
});

test('what says that it is pure acts on nothing, in whatever layer', () => {
  const acting = /^node:(fs|child_process|net|http|https|tls|dns|os|worker_threads|timers|readline)\b/;
  const pure = product.filter((file) => / Pure\.\s*$/.test(file.getFullText().split('*/', 1)[0] ?? ''));
  expect(pure.length).toBeGreaterThan(100);
  const wrong = pure.flatMap((file) =>
    file
      .getImportDeclarations()
      .filter((one) => !one.isTypeOnly() && acting.test(one.getModuleSpecifierValue()))
      .map((one) => `${where(file)} imports ${one.getModuleSpecifierValue()}`),
  );
  expect(wrong).toEqual([]);
});

test('every kind has its type file, its folder and its line in features.ts, or is made by another', () => {
  const kinds = Object.keys(resources);
  const folders = ['drift', 'evidence', 'governance', 'response', 'rollout'].flatMap((domain) =>
    readdirSync(join(operator, domain)).map((folder) => folder),
  );
  for (const kind of kinds) {
    const name = `${kind[0]?.toLowerCase()}${kind.slice(1)}`;
    expect(existsSync(join(operator, 'api/v1alpha1', `${name}.ts`))).toBe(true);
    expect(folders).toContain(name);
  }
  // Reports are made by what makes findings.
  const withFeature = [...features.map(({ kind }) => kind.kind), 'DriftReport'];
  expect(withFeature.sort()).toEqual(kinds.sort());
});

test('what makes findings by its type is in findingSources.ts, and nothing else is', () => {
  const { spec } = (schemas.PolicyWaiver as { properties: { spec: { properties: Record<string, Enumerated> } } })
    .properties;
  const named = spec.properties['source']?.properties['kind']?.enum;
  expect(findingSources.map(({ kind }) => kind.kind).sort()).toEqual(named);
});

interface Enumerated {
  properties: Record<string, { enum: string[] }>;
}

test('helpers of tests lie in test/', () => {
  const helpers = product.filter((file) => /^(test|fake|mock|stub)/i.test(file.getBaseName()));
  expect(helpers.map(where)).toEqual([]);
});

test('no file has grown past 300 lines', () => {
  const long = product
    .filter((file) => file.getEndLineNumber() > 300 && !where(file).includes('generated/'))
    .map((file) => `${where(file)}: ${file.getEndLineNumber()}`);
  expect(long).toEqual([]);
});

test('docs/layout.md names every folder of the operator, and none that is not there', () => {
  const layout = readFileSync(join(root, 'docs/layout.md'), 'utf8');
  const named = [...layout.matchAll(/`((?:operator|test|tools|docs|crds|manifests)\/[\w./-]*)`/g)].map(
    ([, path]) => path ?? '',
  );
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  const folders = new Set(
    product.map((file) => `${where(file).split('/').slice(0, 2).join('/')}/`).filter((path) => !path.endsWith('.ts/')),
  );
  expect([...folders].filter((folder) => !named.includes(folder))).toEqual([]);
});
