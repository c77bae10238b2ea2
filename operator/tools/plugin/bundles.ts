/**
 * The plugin as JavaScript. For npm: a file for each command, of which only what is needed is loaded. For a single executable: one file, which finds what it
 * reads in assets.
 */
import { dirname, join, relative, resolve } from 'node:path';
import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild';
import { placed } from '../bundle.ts';

const root = resolve(import.meta.dirname, '../../..');
const entry = 'operator/cli/main.ts';
const clientNode = 'node_modules/@kubernetes/client-node/';

/** Where the files of a single executable are, for those who read them. Below /proc, no one can put others. */
export const assetsRoot = '/proc/holdfast';

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node24',
  // Not minified: in case of an error, Node prints the line.
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
};

/** Writes it into the folder, as the repository has its files, with the threads that it starts. */
export async function bundleForNpm(folder: string, first = entry): Promise<Metafile> {
  const all: Metafile = { inputs: {}, outputs: {} };
  for (const { file, plugin } of entriesFrom(first)) {
    const { metafile } = await build({
      ...common,
      entryPoints: [file],
      outdir: join(folder, dirname(file)),
      chunkNames: 'part-[hash]',
      splitting: true,
      format: 'esm',
      // Packages in the older form of modules call it.
      banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
      plugins: [onlyKubeconfig, plugin],
    });
    Object.assign(all.inputs, metafile!.inputs);
    Object.assign(all.outputs, metafile!.outputs);
  }
  return all;
}

/**
 * Writes it into one file, and each thread that it starts into another, in the older form of modules, which is the one that a single executable can begin
 * with. Returns their names, the first one being where it begins; the others must be assets.
 */
export async function bundleForExecutable(folder: string, first = entry): Promise<string[]> {
  const names: string[] = [];
  for (const { file, plugin } of entriesFrom(first)) {
    const name = file.replace(/ts$/, 'js');
    const beside = `${assetsRoot}/${dirname(file)}`;
    await build({
      ...common,
      entryPoints: [file],
      outfile: join(folder, name),
      format: 'cjs',
      define: {
        'import.meta.dirname': JSON.stringify(beside),
        'import.meta.url': JSON.stringify(`file://${beside}/main.js`),
      },
      plugins: [onlyKubeconfig, assetsForFiles, plugin],
    });
    names.push(name);
  }
  return names;
}

/** The entry, and then each file that is started as a thread, as far as the ones before were bundled. */
function* entriesFrom(first: string): Generator<{ readonly file: string; readonly plugin: Plugin }> {
  const found = new Set([first]);
  // A set has what is added to it while it is gone through.
  for (const file of found) yield { file, plugin: placed(file, (thread) => void found.add(thread)) };
}

/** Of client-node, the reading of kubeconfigs: the rest, some 15 MB, is code for kinds of Kubernetes that nothing here uses. */
const onlyKubeconfig: Plugin = {
  name: 'only-kubeconfig',
  setup(building) {
    const config = join(root, clientNode, 'dist/config.js');
    building.onResolve({ filter: /^@kubernetes\/client-node$/ }, () => ({ path: config, sideEffects: false }));
    building.onResolve(
      { filter: /^\./ },
      async ({ path, importer, resolveDir, kind, pluginData, with: attributes }) => {
        if (pluginData === 'resolved' || !relative(root, importer).startsWith(clientNode)) return undefined;
        const found = await building.resolve(path, {
          ...{ importer, resolveDir, kind, with: attributes, pluginData: 'resolved' },
        });
        return { ...found, sideEffects: false };
      },
    );
  },
};

/** Our own code reads files, and starts threads, by functions that know the assets; packages by those of Node. */
const assetsForFiles: Plugin = {
  name: 'assets-for-files',
  setup(building) {
    const isOurs = (importer: string) => /^operator\/(?!tools\/)/.test(relative(root, importer));
    const known: Readonly<Record<string, string>> = {
      'node:fs': 'assetFiles.ts',
      'node:fs/promises': 'assetPromises.ts',
      'node:worker_threads': 'assetThreads.ts',
    };
    building.onResolve({ filter: /^node:/ }, ({ path, importer }) =>
      known[path] && isOurs(importer) ? { path: join(import.meta.dirname, known[path]) } : undefined,
    );
  },
};
