/**
 * The plugin as JavaScript. For npm: a file for each command, of which only what is needed is loaded. For a single executable: one file, which finds what it
 * reads in assets.
 */
import { join, relative, resolve } from 'node:path';
import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild';
import { placed } from '../bundle.ts';

const root = resolve(import.meta.dirname, '../../..');
const entry = 'operator/cli/main.ts';
const clientNode = 'node_modules/@kubernetes/client-node/';

/** Where the files of a single executable are, for those who read them. Below /proc, no one can put others. */
export const assetsRoot = '/proc/holdfast';

const common: BuildOptions = {
  absWorkingDir: root,
  entryPoints: [entry],
  bundle: true,
  platform: 'node',
  target: 'node24',
  // Not minified: in case of an error, Node prints the line.
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
};

/** Writes it into the folder, as the repository has its files. */
export async function bundleForNpm(folder: string): Promise<Metafile> {
  const { metafile } = await build({
    ...common,
    outdir: join(folder, 'operator/cli'),
    chunkNames: 'part-[hash]',
    splitting: true,
    format: 'esm',
    // Packages in the older form of modules call it.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    plugins: [onlyKubeconfig, placed(entry, noThread)],
  });
  return metafile!;
}

/** Writes it into one file, in the older form of modules, which is the one that a single executable can begin with. */
export async function bundleForExecutable(file: string): Promise<void> {
  const beside = `${assetsRoot}/operator/cli`;
  await build({
    ...common,
    outfile: file,
    format: 'cjs',
    define: {
      'import.meta.dirname': JSON.stringify(beside),
      'import.meta.url': JSON.stringify(`file://${beside}/main.js`),
    },
    plugins: [onlyKubeconfig, assetsForFiles, placed(entry, noThread)],
  });
}

function noThread(file: string): never {
  throw new Error(
    `${file} is started as a thread, which the plugin does not ship; run it in the thread of the command.`,
  );
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

/** Our own code reads files by functions that know the assets; packages by those of Node. */
const assetsForFiles: Plugin = {
  name: 'assets-for-files',
  setup(building) {
    const isOurs = (importer: string) => /^operator\/(?!tools\/)/.test(relative(root, importer));
    building.onResolve({ filter: /^node:fs(\/promises)?$/ }, ({ path, importer }) =>
      isOurs(importer)
        ? { path: join(import.meta.dirname, path === 'node:fs' ? 'assetFiles.ts' : 'assetPromises.ts') }
        : undefined,
    );
  },
};
