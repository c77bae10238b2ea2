/**
 * Fifty checks on ten hosts, of which some are broken: the operator's probe against `ansible-playbook --check`, in turn.
 * The controller's CPU is counted, that of the hosts, which run on the same machine, is not.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressedTarget } from '../../../operator/connect/ssh/types.ts';
import { type Fleet, startFleet } from '../../fleet/fleet.ts';
import { type Options, scaled } from '../options.ts';
import type { Figure, Measured } from '../report.ts';
import type { Spent } from '../spent.ts';
import { compiled } from '../start.ts';
import { Subject, numberIn } from '../subject.ts';
import { type AnsibleScan, ansibleScan } from './ansible.ts';
import { type Break, chooseBreaks } from './breaks.ts';
import { finish, groundwork, prepared, settle } from './checks.ts';
import { type Disagreement, type Verdict, disagreements, score } from './verdict.ts';

const hosts = 10;
const seed = 20_260_101;

interface OurScan extends Spent {
  readonly verdicts: Map<string, Verdict>;
}

interface Round {
  /** Over connections that had to be made. */
  readonly fresh: OurScan;
  /** Over connections that were open. */
  readonly again: OurScan;
  /** CPU-seconds from the start of the process until it could scan: the operator pays that once. */
  readonly startCpuSeconds: number;
  readonly ansible: AnsibleScan;
}

export async function scan(options: Options): Promise<Measured> {
  const hostCount = scaled(hosts, options);
  options.say(`starting ${hostCount} hosts…`);
  const fleet = await startFleet({ names: hostCount });
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-bench-scan-'));
  try {
    const targets = await targetsOf(fleet);
    const file = join(folder, 'targets.json');
    await writeFile(file, JSON.stringify(targets), { mode: 0o600 });
    const program = await compiled(join(import.meta.dirname, 'ours.ts'), [file]);
    try {
      return await scanInTurn(() => scanByProbe(program.command(file)), fleet, targets, options);
    } finally {
      await program.stop();
    }
  } finally {
    await fleet.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function scanInTurn(
  scanOurs: () => Promise<Omit<Round, 'ansible'>>,
  fleet: Fleet,
  targets: readonly AddressedTarget[],
  { rounds, say }: Options,
): Promise<Measured> {
  const names = fleet.hosts.map(({ name }) => name);
  const breaks = chooseBreaks(names, seed);
  say(`making ${prepared.length} checks hold, then breaking ${breaks.length} of ${prepared.length * names.length}…`);
  await Promise.all(fleet.hosts.map((host) => host.mustRun(preparation(host.name, breaks), { timeoutSeconds: 300 })));
  const all: Round[] = [];
  for (let round = 1; round <= rounds; round++) {
    const ours = await scanOurs();
    say(`round ${round}, ours: ${told(ours.fresh)}; over open connections ${told(ours.again)}`);
    const ansible = await ansibleScan(targets, names.length);
    say(`round ${round}, ansible-playbook --check, ${ansible.tasks} tasks: ${told(ansible)}`);
    all.push({ ...ours, ansible });
  }
  return summarise(all, breaks, names.length);
}

async function targetsOf({ hosts, user, privateKey }: Fleet): Promise<AddressedTarget[]> {
  const key = await readFile(privateKey, 'utf8');
  return hosts.map(({ name, address, port, hostKey }) => ({
    id: name,
    host: address,
    address,
    port,
    user,
    become: 'sudo',
    hostKeys: [hostKey],
    hostCertificateAuthorities: [],
    privateKey: key,
  }));
}

function preparation(host: string, breaks: readonly Break[]): string {
  const right = prepared.map((one) => one.right).filter(Boolean);
  const wrong = breaks.filter((one) => one.host === host).map(({ how }) => how);
  return ['set -eu', groundwork, ...right, finish, ...wrong, settle].join('\n');
}

async function scanByProbe(command: readonly string[]): Promise<Omit<Round, 'ansible'>> {
  const subject = await Subject.start(command);
  try {
    await subject.next('ready');
    await subject.quiet();
    const startCpuSeconds = await subject.group.cpuSeconds();
    const fresh = await askScan(subject);
    // It leaves connections open, since each host has come back.
    await askScan(subject);
    return { startCpuSeconds, fresh, again: await askScan(subject) };
  } finally {
    await subject.stop();
  }
}

async function askScan(subject: Subject): Promise<OurScan> {
  const before = await subject.group.cpuSeconds();
  const line = await subject.ask('scanned');
  const list = line['verdicts'] as [string, Verdict][];
  return {
    wallSeconds: numberIn(line, 'wallSeconds'),
    cpuSeconds: (await subject.group.cpuSeconds()) - before,
    verdicts: new Map(list),
  };
}

function told({ wallSeconds, cpuSeconds }: Spent): string {
  return `${wallSeconds.toFixed(2)} s, ${cpuSeconds.toFixed(2)} CPU-s`;
}

function summarise(rounds: readonly Round[], breaks: readonly Break[], hostCount: number): Measured {
  const last = rounds.at(-1)!;
  const differing = disagreements(last.fresh.verdicts, last.ansible.verdicts, breaks);
  const figure = (
    what: string,
    unit: string,
    ours: (round: Round) => number,
    peer: (round: Round) => number,
  ): Figure => ({
    what,
    unit,
    better: 'less',
    ours: rounds.map(ours),
    peer: rounds.map(peer),
  });
  const wall = ({ ansible }: Round): number => ansible.wallSeconds;
  const cpu = ({ ansible }: Round): number => ansible.cpuSeconds;
  const scores = { ours: score(last.fresh.verdicts, breaks), peer: score(last.ansible.verdicts, breaks) };
  return {
    peer: 'ansible-playbook --check',
    figures: [
      figure(
        `${prepared.length} checks on ${hostCount} hosts, new connections`,
        's',
        ({ fresh }) => fresh.wallSeconds,
        wall,
      ),
      figure('the same, CPU of the controller', 'CPU-s', ({ fresh }) => fresh.cpuSeconds, cpu),
      figure('with the start of the process', 'CPU-s', (round) => round.startCpuSeconds + round.fresh.cpuSeconds, cpu),
      figure('over open connections', 's', ({ again }) => again.wallSeconds, wall),
      figure('over open connections, CPU of the controller', 'CPU-s', ({ again }) => again.cpuSeconds, cpu),
    ],
    setting: {
      rounds: rounds.length,
      hosts: hostCount,
      checks: prepared.length,
      broken: breaks.length,
      forks: hostCount,
      tasks: last.ansible.tasks,
    },
    notes: [
      `Of ${breaks.length} broken, ours found ${scores.ours.found} (${scores.ours.falseAlarms} others called failing, ${scores.ours.unknown} unknown), ` +
        `Ansible ${scores.peer.found} (${scores.peer.falseAlarms}, ${scores.peer.unknown}).`,
      `Verdicts agree on ${last.fresh.verdicts.size - differing.length} of ${last.fresh.verdicts.size}.`,
      ...differing.map(tell),
      'The hosts are on the same machine: what they do for either side is in the wall time and in no figure of CPU.',
    ],
    runs: rounds.map(({ fresh, again, startCpuSeconds, ansible }) => ({
      startCpuSeconds,
      fresh: numbersOf(fresh),
      again: numbersOf(again),
      ansible: numbersOf(ansible),
      disagreements: disagreements(fresh.verdicts, ansible.verdicts, breaks),
    })),
  };
}

function numbersOf({ wallSeconds, cpuSeconds }: Spent): Spent {
  return { wallSeconds, cpuSeconds };
}

function tell({ host, check, ours, peer, broken }: Disagreement): string {
  const said = ({ is, why }: Verdict): string => (why ? `${is} (${why.slice(0, 160)})` : is);
  return `${host} ${check}: ours ${said(ours)}, Ansible ${said(peer)}; ${broken ? `broken by \`${broken}\`` : 'not broken'}.`;
}
