/** The plugin beside kubectl: how long each takes to start, and to answer about a fleet of ten thousand Devices. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startCluster } from '../../cluster/cluster.ts';
import { createTemporaryFolder } from '../../cluster/temporaryFolder.ts';
import { type Options, scaled } from '../options.ts';
import type { Figure, Measured } from '../report.ts';
import { runMeasured, type Spent } from '../spent.ts';
import { makeDevices } from './devices.ts';

const root = join(import.meta.dirname, '../../..');
const plugin = join(root, 'bin/kubectl-holdfast');
const devices = 10_000;
/** A start is short: it is repeated within a round. */
const starts = 10;

interface Ran extends Spent {
  /** The largest process, in bytes. */
  readonly peak: number;
}

interface Side {
  readonly ours: Ran[];
  readonly peer: Ran[];
}

export async function cli(options: Options): Promise<Measured> {
  const { rounds, say } = options;
  const count = scaled(devices, options);
  const folder = await createTemporaryFolder('holdfast-bench-cli-');
  const cluster = await startCluster({ controllerManager: false, manifests: [join(root, 'crds')] });
  const run = runner(folder.path);
  const { kubectl, kubeconfig } = cluster;
  try {
    say(`making ${count} Devices…`);
    await makeDevices(kubeconfig, count);
    const start: Side = { ours: [], peer: [] };
    const status: Side = { ours: [], peer: [] };
    const commands = {
      help: [plugin, '--help'],
      version: [kubectl, 'version', '--client'],
      status: [plugin, 'status', '--kubeconfig', kubeconfig],
      get: [kubectl, '--kubeconfig', kubeconfig, 'get', 'devices', '-A'],
    };
    // Once, so that both are in memory, and Node has compiled ours: that is of the first start after an update alone.
    for (const command of Object.values(commands)) await run(command);
    for (let round = 1; round <= rounds; round += 1) {
      for (let at = 0; at < starts; at += 1) {
        start.ours.push(await run(commands.help));
        start.peer.push(await run(commands.version));
      }
      status.ours.push(await run(commands.status));
      status.peer.push(await run(commands.get));
      say(`round ${round}: status ${said(status.ours.at(-1)!)}, kubectl get ${said(status.peer.at(-1)!)}`);
    }
    return {
      peer: 'kubectl get devices -A',
      figures: [
        ...threeFigures(`status over ${count} Devices`, status),
        ...threeFigures('start: --help', start, 'kubectl version --client'),
      ],
      setting: { rounds, devices: count, starts: starts * rounds },
      notes: [
        'status reads all fields of eight kinds, page by page; kubectl get has the apiserver make a table of columns.',
        'Ours without kubectl, which starts plugins and adds its own start; its modules are compiled, as from the second start on.',
      ],
      runs: [start, status],
    };
  } finally {
    await cluster.stop();
    await folder.delete();
  }
}

function runner(folder: string): (command: readonly string[]) => Promise<Ran> {
  const file = join(folder, 'peak');
  const environment = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? folder };
  return async (command) => {
    const { output, exitCode, ...spent } = await runMeasured(
      ['/usr/bin/time', '-q', '-f', '%M', '-o', file, ...command],
      {
        folder,
        environment,
      },
    );
    // 2 is of a fleet in which something differs.
    if ((exitCode !== 0 && exitCode !== 2) || output === '')
      throw new Error(`${command.join(' ')} ended with ${exitCode}; run it by itself and see what it writes.`);
    return { ...spent, peak: Number(await readFile(file, 'utf8')) * 1024 };
  };
}

function said({ wallSeconds, cpuSeconds, peak }: Ran): string {
  return `${wallSeconds.toFixed(2)} s, ${cpuSeconds.toFixed(2)} CPU-s, ${Math.round(peak / 1e6)} MB`;
}

function threeFigures(what: string, { ours, peer }: Side, against?: string): [Figure, ...Figure[]] {
  const figure = (of: string, unit: string, number: (ran: Ran) => number): Figure => ({
    ...{ what: of, unit, better: 'less', ours: ours.map(number), peer: peer.map(number) },
    ...(against !== undefined && { against }),
  });
  return [
    figure(what, 's', ({ wallSeconds }) => wallSeconds),
    figure(`${what}, CPU`, 'CPU-s', ({ cpuSeconds }) => cpuSeconds),
    figure(`${what}, peak`, 'MB', ({ peak }) => peak / 1e6),
  ];
}
