/** The plugin as one file that needs no Node: Node's own executable, with the script and the files that it reads injected. The same bytes for the same source. */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'postject';

export interface Ingredients {
  /** In one file. */
  readonly script: string;
  /** Below `root`; found under the same names. */
  readonly files: readonly string[];
  readonly root: string;
  /** Node that runs here, of the same version as the one that is injected into. */
  readonly node: string;
}

/** Node looks for it in itself, and for the place that says that something was injected. */
const resource = 'NODE_SEA_BLOB';
const sentinelFuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** The part that is injected. What V8 has compiled halves the start, and is for the processor of this machine alone: others refuse it, or crash. */
export function blobOf({ script, files, root, node }: Ingredients, isCompiled: boolean): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-plugin-'));
  try {
    // Names that do not depend on where this is: they are part of it.
    copyFileSync(script, join(folder, 'kubectl-holdfast.js'));
    symlinkSync(root, join(folder, 'root'));
    const settings = {
      main: 'kubectl-holdfast.js',
      output: 'blob',
      disableExperimentalSEAWarning: true,
      useCodeCache: isCompiled,
      // What people set for other programs, such as debuggers, must not change this one.
      execArgvExtension: 'none',
      assets: Object.fromEntries(files.map((file) => [file, join('root', file)])),
    };
    writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
    // Hashes of strings are part of what is compiled: without a seed, it would be different every time.
    const flags = ['--random-seed=1', '--experimental-sea-config', 'settings.json'];
    execFileSync(node, flags, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    return readFileSync(join(folder, 'blob'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Writes the executable: `node` is that of the platform on which it is to run. */
export async function makeExecutable(file: string, node: string, blob: Buffer): Promise<void> {
  copyFileSync(node, file);
  chmodSync(file, 0o755);
  await quietly(() => inject(file, resource, blob, { sentinelFuse }));
}

/** The injector prints warnings of its parser about notes that do not matter, and its progress. */
async function quietly(work: () => Promise<void>): Promise<void> {
  const { log, warn } = console;
  console.log = console.warn = () => undefined;
  try {
    await work();
  } finally {
    Object.assign(console, { log, warn });
  }
}
