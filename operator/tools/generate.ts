/**
 * Type files → everything that is generated from them. `node operator/tools/generate.ts` writes, with `--check` it only
 * tells what would change and exits 1. Files that an earlier run made and this one does not are removed.
 */
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadAll } from 'js-yaml';
import { createValidator } from '../api/validator.ts';
import type { Declaration } from '../runtime/feature.ts';
import { argocdFiles } from './argocd.ts';
import { checkValues } from './checkValues.ts';
import { chartFiles, chartFolder } from './chart.ts';
import { crdPath, crdYaml, kustomizationPath, kustomizationYaml, samplePath } from './crd.ts';
import { dashboardFiles } from './dashboard/index.ts';
import { deploymentFiles, unnamed } from './deployment.ts';
import { differences } from './differences.ts';
import { docsPath, indexPage, kindPage } from './docs.ts';
import { editorSchema, editorSchemaPath, schemasFolder } from './editorSchemas.ts';
import { olmFiles, olmFolder } from './olm.ts';
import { peoplePath, peopleYaml } from './people.ts';
import { rbacFiles, rolePath } from './rbac.ts';
import { ruleFiles } from './rules.ts';
import { readTypes } from './readTypes.ts';
import { sectionSchemas, sectionSchemasFolder } from './sectionSchemas.ts';
import { ajvSchemas, resourcesModule, schemasModule } from './schemas.ts';
import { api, type Kind } from './schema.ts';

/** Generated files as path → text, the paths relative to the root of the repository. */
export type Outputs = Map<string, string>;

/** What the type files give. With problems, there are no outputs. */
export interface Result {
  problems: string[];
  outputs: Outputs;
  kinds: readonly Kind[];
  /** The text of the sample of each kind that has one. */
  samples: ReadonlyMap<Kind, string>;
}

/** Everything that the type files under `root` give. Reads files, writes none. */
export function fromTypes(root: string): Result {
  const paths = globSync(`operator/api/${api.version}/*.ts`, { cwd: root }).sort();
  const texts = Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
  const { kinds, problems } = readTypes(texts);
  const report = (path: string, message: string) => void problems.push(`${path}: ${message}`);
  for (const kind of kinds) checkValues(kind, report);
  const samples = readSamples(root, kinds);
  for (const [kind, sample] of samples) checkSample(kind, sample, kinds, report);
  if (problems.length > 0) return { problems, outputs: new Map(), kinds, samples };
  const outputs: Outputs = new Map([
    [kustomizationPath, kustomizationYaml(kinds)],
    [peoplePath, peopleYaml(kinds)],
    ['operator/api/generated/schemas.ts', schemasModule(kinds)],
    ['operator/api/generated/resources.ts', resourcesModule(kinds)],
    ['docs/reference/README.md', indexPage(kinds)],
    ...argocdFiles(kinds),
  ]);
  for (const kind of kinds) {
    outputs.set(crdPath(kind), crdYaml(kind));
    outputs.set(editorSchemaPath(kind), editorSchema(kind));
    outputs.set(docsPath(kind), kindPage(kind, samples.get(kind)));
  }
  return { problems, outputs, kinds, samples };
}

function readSamples(root: string, kinds: readonly Kind[]): Map<Kind, string> {
  const found = kinds.filter((kind) => existsSync(join(root, samplePath(kind))));
  return new Map(found.map((kind) => [kind, readFileSync(join(root, samplePath(kind)), 'utf8')]));
}

/** A sample that users copy must be valid. Objects of other groups in the same file are not looked at. */
function checkSample(
  kind: Kind,
  sample: string,
  kinds: readonly Kind[],
  report: (path: string, message: string) => void,
) {
  const validate = createValidator(ajvSchemas(kinds));
  for (const document of loadAll(sample) as ({ apiVersion?: string; kind?: string } | null)[]) {
    if (!document?.apiVersion?.startsWith(`${api.group}/`)) continue;
    const known = kinds.some((each) => each.kind === document.kind);
    const sentences = known ? validate(document.kind ?? '', document) : [`there is no kind '${document.kind}'.`];
    for (const sentence of sentences) report(samplePath(kind), sentence);
  }
}

/** RBAC, rules of Prometheus and dashboards from `operator/features.ts` under `root`, and what installs it all; nothing while that file does not exist. */
export async function fromAccess(root: string, types: Omit<Result, 'problems'>, images = unnamed): Promise<Outputs> {
  const path = join(root, 'operator/features.ts');
  if (!existsSync(path)) return new Map();
  const { features, optionalFeatures = [] } = (await import(pathToFileURL(path).href)) as {
    features: readonly Declaration[];
    optionalFeatures?: readonly Declaration[];
  };
  const own = [
    ...rbacFiles(features, optionalFeatures),
    ...deploymentFiles(images),
    ...ruleFiles(features),
    ...dashboardFiles(),
    ...(await sectionSchemas(root)),
  ];
  const generated = new Map([...types.outputs, ...own]);
  const samples = [...types.samples.values()].flatMap((text) => loadAll(text) as { apiVersion: string }[]);
  const ours = samples.filter(({ apiVersion }) => apiVersion.startsWith(`${api.group}/`));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return new Map([
    ...own,
    ...chartFiles(root, generated),
    ...olmFiles({ ...types, features, generated, version, images, samples: ours }),
  ]);
}

/** What is on disk and differs from `outputs`, one readable text a file; a file that should not exist differs too. */
export function compare(root: string, outputs: Outputs): string[] {
  const changed = [...outputs].flatMap(([path, text]) => {
    const file = join(root, path);
    if (!existsSync(file)) return [`${path}: does not exist`];
    return readFileSync(file, 'utf8') === text ? [] : differences(path, file, text);
  });
  return [...changed, ...leftOvers(root, outputs).map((path) => `${path}: it is no longer generated`)];
}

/** Writes what differs and removes what is no longer generated. Returns the paths it touched. */
export function write(root: string, outputs: Outputs): string[] {
  const stale = leftOvers(root, outputs);
  for (const path of stale) rmSync(join(root, path));
  const changed = [...outputs].filter(([path, text]) => {
    const file = join(root, path);
    return !existsSync(file) || readFileSync(file, 'utf8') !== text;
  });
  for (const [path, text] of changed) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return [...stale, ...changed.map(([path]) => path)];
}

const fromTypesAlone = [
  'crds/{Kustomization,*.yaml}',
  `${schemasFolder}/*.json`,
  'docs/reference/*.md',
  'manifests/argocd/*.yaml',
  'operator/api/generated/*.ts',
];
const fromFeatures = [
  'manifests/{rbac,operator,prometheus,grafana}/*',
  'manifests/everywhere/*/*',
  `${sectionSchemasFolder}/*.json`,
  `${chartFolder}/**/*.yaml`,
  `${olmFolder}/**/*.yaml`,
];

/** Files in our folders that carry our first line but are not in `outputs`. Hand-written files are never among them. */
function leftOvers(root: string, outputs: Outputs): string[] {
  const ours = globSync([...fromTypesAlone, ...(outputs.has(rolePath) ? fromFeatures : [])], { cwd: root });
  return ours.filter((path) => {
    return (
      !outputs.has(path) &&
      /^(#|\/\/|<!--|\{\s*"\$comment":) "?Generated from /.test(readFileSync(join(root, path), 'utf8'))
    );
  });
}

async function main(root: string, checkOnly: boolean): Promise<number> {
  const types = fromTypes(root);
  const { problems, outputs } = types;
  if (problems.length > 0) {
    console.error(`Nothing was generated; fix this first:\n${problems.join('\n')}`);
    return 1;
  }
  if (!checkOnly) for (const path of write(root, outputs)) console.log(`generated ${path}`);
  // Only now: what the operator imports may itself have been generated above.
  const roles = await fromAccess(root, types);
  if (!checkOnly) {
    for (const path of write(root, new Map([...outputs, ...roles]))) console.log(`generated ${path}`);
    return 0;
  }
  const changes = compare(root, new Map([...outputs, ...roles]));
  if (changes.length > 0)
    console.error(`${changes.join('\n')}\nRun \`make generate\` and commit the files that it writes.`);
  return changes.length > 0 ? 1 : 0;
}

if (import.meta.main)
  process.exitCode = await main(join(import.meta.dirname, '../..'), process.argv.includes('--check'));
