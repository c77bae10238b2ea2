/**
 * The plugin in the forms in which people get it, without the repository: as a package of npm in an empty directory, as an executable in an empty root file
 * system, and as krew installs it. Each answers for a real apiserver as the sources do.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { bundleForExecutable, bundleForNpm } from '../../operator/tools/plugin/bundles.ts';
import { blobOf, makeExecutable } from '../../operator/tools/plugin/executable.ts';
import { krewFile } from '../../operator/tools/plugin/krew.ts';
import { makePlugin } from '../../operator/tools/plugin/main.ts';
import { platforms, thisPlatform } from '../../operator/tools/plugin/platforms.ts';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { setUp } from '../cluster/setUp.ts';
import { mustRun, runCommand } from '../fleet/command.ts';
import { crds } from '../operator/bed.ts';

const root = resolve(import.meta.dirname, '../..');
const sources = join(root, 'bin/kubectl-holdfast');
const sample = join(root, 'manifests/samples/deviceBaseline.yaml');
const mebibyte = 2 ** 20;
let folder: string;
let made: string;
/** How each form is called. */
const forms: Record<'npm' | 'executable', string> = { npm: '', executable: '' };
let cluster: Cluster;
let kubeconfig: string;

/** Node is there for npm; nothing of this repository is. */
const environment = (more: Record<string, string> = {}): Record<string, string> => ({
  PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
  HOME: folder,
  ...more,
});

const run = (program: string, args: string[], more: Record<string, string> = {}) =>
  runCommand([program, ...args], { environment: environment(more) });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-plugin-'));
  made = join(folder, 'made');
  await makePlugin(wish(made));
  const installed = join(folder, 'installed');
  await mkdir(installed);
  await mustRun([
    'npm',
    'install',
    '--offline',
    '--no-audit',
    '--no-fund',
    '--prefix',
    installed,
    await archiveOfNpm(),
  ]);
  forms.npm = join(installed, 'node_modules/.bin/kubectl-holdfast');
  forms.executable = join(made, `kubectl-holdfast-${thisPlatform}`);
  cluster = await startCluster({ controllerManager: false, manifests: [crds] });
  kubeconfig = await throughProgram(cluster);
}, 900_000);

afterAll(async () => {
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

const wish = (target: string) => ({
  target,
  wanted: platforms.filter(({ name }) => name === thisPlatform),
  time: 1_700_000_000,
  base: 'https://example.com/releases',
  say: () => undefined,
});

async function archiveOfNpm(): Promise<string> {
  const found = (await readdir(made)).find((name) => name.endsWith('.tgz'));
  return join(made, found!);
}

/** The same credentials, which a program prints: what makes the plugin load the part of client-node that was kept. */
async function throughProgram({ kubeconfig: file }: Cluster): Promise<string> {
  const text = await mustRun([
    cluster.kubectl,
    '--kubeconfig',
    file,
    'config',
    'view',
    '--raw',
    '--flatten',
    '-o',
    'json',
  ]);
  const config = JSON.parse(text) as { users: { user: Record<string, string> }[] };
  const decoded = (key: string) => Buffer.from(config.users[0]!.user[key]!, 'base64').toString();
  const status = {
    clientCertificateData: decoded('client-certificate-data'),
    clientKeyData: decoded('client-key-data'),
  };
  const credential = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status };
  await writeFile(join(folder, 'credential.json'), JSON.stringify(credential));
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: 'cat',
    args: [join(folder, 'credential.json')],
    interactiveMode: 'Never',
  };
  config.users[0]!.user = { exec } as never;
  await writeFile(join(folder, 'kubeconfig'), JSON.stringify(config));
  return join(folder, 'kubeconfig');
}

test('is the same bytes when it is made again, elsewhere', async () => {
  const again = join(folder, 'again');
  await makePlugin(wish(again));
  const sums = (from: string) => readFile(join(from, 'checksums.txt'), 'utf8');
  expect(await sums(again)).toBe(await sums(made));
  await mustRun(['sh', '-c', `cd '${made}' && sha256sum --check --strict checksums.txt`]);
  await rm(again, { recursive: true });
}, 600_000);

test('the package has what it needs, and no more: no sources, no tests, no packages to install', async () => {
  const files = (await mustRun(['tar', '--list', '--gzip', `--file=${await archiveOfNpm()}`])).trim().split('\n');
  const expected =
    /^package\/(package\.json|README\.md|LICENSE|THIRD-PARTY-LICENSES|bin\/kubectl-holdfast\.js|operator\/(cli|cel)\/(main|threadMain|part-\w+)\.js|operator\/evidence\/verify\/verify\.sh|docs\/check-types\.md|(crds|policies|manifests\/samples|manifests\/rbac|charts\/holdfast)\/[\w.-]+\.yaml)$/;
  expect(files.filter((file) => !expected.test(file))).toEqual([]);
  expect((await stat(await archiveOfNpm())).size).toBeLessThan(3 * mebibyte);
  expect(await readdir(join(folder, 'installed/node_modules'))).toEqual([
    '.bin',
    '.package-lock.json',
    'kubectl-holdfast',
  ]);
});

describe.each(['npm', 'executable'] as const)('%s', (form) => {
  const both = async (args: string[], more: Record<string, string> = {}) => {
    const [here, there] = [await run(forms[form], args, more), await run(sources, args, more)];
    expect(here).toEqual(there);
    return here;
  };

  test('prints the help', async () => {
    const { code, stdout } = await both(['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('kubectl holdfast');
  });

  test('checks this machine, by the definition that it contains', async () => {
    const { code, stdout, stderr } = await both(['check', '--local', '-f', sample]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(stdout).toMatch(/^localhost \(.*\): \d of 7 checks pass/);
  });

  test('explains fields with samples, and check types by the page that it contains', async () => {
    const field = await both(['explain', 'DeviceBaseline.spec.mode']);
    expect(field).toMatchObject({ code: 0, stdout: expect.stringContaining('manifests/samples/deviceBaseline.yaml') });
    expect(await both(['explain', 'DeviceBaseline.spec.checks.sshd'])).toMatchObject({ code: 0, stderr: '' });
  });

  test('refuses what the definition refuses', async () => {
    const bad = join(folder, 'bad.yaml');
    await writeFile(bad, (await readFile(sample, 'utf8')).replace(/^ {4}- name: .*/m, '    - name: BAD NAME'));
    const { code, stderr } = await both(['check', '--local', '-f', bad]);
    expect(code).toBe(1);
    expect(stderr).toContain('is not valid');
  });

  test('reaches a cluster through a program that gives credentials, and compares it with what is shipped', async () => {
    const { stdout, stderr } = await run(forms[form], ['doctor', '--kubeconfig', kubeconfig]);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/policies|ValidatingAdmissionPolic/);
    expect(stdout).not.toMatch(/ENOENT|cannot be read/);
    const status = await both(['status', '--kubeconfig', kubeconfig]);
    expect(status.stdout).toContain('Nothing is declared yet');
  });
});

test('an old Node is named in one sentence, with what to do', async () => {
  const start = join(folder, 'installed/node_modules/kubectl-holdfast/bin/kubectl-holdfast.js');
  const old = 'data:text/javascript,Object.defineProperty(process,"versions",{value:{node:"20.1.0"}})';
  const { code, stderr } = await runCommand([process.execPath, '--import', old, start, '--help']);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr:
      'error: kubectl holdfast needs Node 24 or later, but this is 20.1.0; install it, or download the executable, which needs no Node.\n',
  });
});

describe('the executable', () => {
  // https://github.com/getsentry/cli/pull/1092: options for other programs made a warning of each start.
  test.each(['--max-old-space-size=512', '--require=/nonexistent.js', '--inspect-brk=127.0.0.1:0'])(
    'is not changed by NODE_OPTIONS=%s',
    async (options) => {
      const { code, stderr } = await run(forms.executable, ['--help'], { NODE_OPTIONS: options });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    },
  );

  test('takes no options of Node from its own command line', async () => {
    const { code, stderr } = await run(forms.executable, ['--eval', 'process.exit(0)']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: --eval comes before the command/);
  });

  test('runs in an empty root file system with the libraries of C and C++ alone', async () => {
    const empty = join(folder, 'empty');
    await mkdir(empty);
    await cp(forms.executable, join(empty, 'kubectl-holdfast'));
    await cp(sample, join(empty, 'baseline.yaml'));
    const linked = await mustRun(['ldd', forms.executable]);
    const libraries = [...linked.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path!);
    // No other library is needed.
    expect(libraries.map((path) => /([a-z_+-]+?)(?:-x86-64|-aarch64)?\.so/.exec(path)?.[1]).sort()).toEqual(
      ['ld-linux', 'libc', 'libdl', 'libgcc_s', 'libm', 'libpthread', 'libstdc++'].sort(),
    );
    for (const library of libraries) {
      await mkdir(join(empty, dirname(library)), { recursive: true });
      await cp(library, join(empty, library), { dereference: true });
    }
    const inside = (...args: string[]) =>
      runCommand(['/usr/sbin/chroot', empty, '/kubectl-holdfast', ...args], { environment: {} });
    expect(await inside('--help')).toMatchObject({ code: 0, stderr: '' });
    const checked = await inside('check', '--local', '-f', 'baseline.yaml');
    expect(checked.code).toBe(1);
    expect(checked.stdout.replace(/\s+/g, ' ')).toContain('localhost: not checked: /bin/sh cannot be started');
  });
});

// An executable has no file with which a thread could begin.
test('a thread begins in both forms', async () => {
  const entry = 'test/integration/threadEntry.ts';
  const bundles = join(folder, 'threads');
  await bundleForNpm(join(bundles, 'npm'), entry);
  const [begin, ...threads] = await bundleForExecutable(join(bundles, 'executable'), entry);
  expect(threads).toEqual(['operator/cel/threadMain.js']);
  const assets = Object.fromEntries(threads.map((file) => [file, join(bundles, 'executable', file)]));
  const ingredients = { script: join(bundles, 'executable', begin!), assets, node: process.execPath };
  const executable = join(bundles, 'program');
  await makeExecutable(executable, process.execPath, blobOf(ingredients, true));
  const expected = await run(process.execPath, ['--no-warnings', join(root, entry)]);
  expect(expected).toMatchObject({ code: 0, stderr: '' });
  expect(await run(process.execPath, [join(bundles, 'npm/test/integration/threadEntry.js')])).toEqual(expected);
  expect(await run(executable, [])).toEqual(expected);
}, 120_000);

describe('krew', () => {
  let krew: string;
  beforeAll(async () => {
    krew = join(await setUp('krew'), 'krew');
  }, 600_000);

  test('finds nothing wrong with the manifest', async () => {
    const validate = join(await setUp('validate-krew-manifest'), 'validate-krew-manifest');
    const said = await runCommand([validate, '-skip-install', '-manifest', join(made, krewFile)]);
    expect(said).toMatchObject({ code: 0 });
    expect(said.stderr).toContain('structural validation OK');
  }, 600_000);

  const install = (archive: string, at: string) =>
    runCommand([krew, 'install', `--manifest=${join(made, krewFile)}`, `--archive=${archive}`], {
      environment: environment({ KREW_ROOT: join(folder, at) }),
    });

  test('installs it, with its license, and kubectl finds and runs it', async () => {
    const archive = (await readdir(made)).find((name) => name.endsWith('.tar.gz'))!;
    expect(await install(join(made, archive), 'krew')).toMatchObject({ code: 0 });
    const [version] = await readdir(join(folder, 'krew/store/holdfast'));
    expect(await readdir(join(folder, 'krew/store/holdfast', version!))).toEqual(expect.arrayContaining(['LICENSE']));
    const path = { PATH: `${join(folder, 'krew/bin')}:/usr/bin:/bin` };
    expect((await run(cluster.kubectl, ['plugin', 'list'], path)).stdout).toContain('krew/bin/kubectl-holdfast');
    expect(await run(cluster.kubectl, ['holdfast', '--help'], path)).toMatchObject({ code: 0, stderr: '' });
  });

  // https://github.com/kubernetes-sigs/krew-index/issues/390: an archive was replaced after its digest was published.
  test('refuses an archive that is another than the manifest says', async () => {
    const other = join(folder, 'other.tar.gz');
    await cp(await archiveOfNpm(), other);
    const { code, stderr } = await install(other, 'krew-other');
    expect(code).not.toBe(0);
    expect(stderr).toContain('checksum does not match');
  });
});
