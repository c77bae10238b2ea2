/**
 * A thousand Devices looked at by the whole operator, which makes a report of each: over connections that have to be made,
 * and over open ones, which there are from the second look on: that one is in no figure. Beside it, Ansible's `raw` and a
 * loop of plain `ssh` run the same script, and record nothing.
 */
import { type Options, scaled } from '../options.ts';
import type { Figure, Measured } from '../report.ts';
import { type ManyBed, openManyBed } from './bed.ts';
import { type Look, cpuPerHost, measureLook, perMinute, told } from './look.ts';
import { ansibleRaw, plainSsh } from './peers.ts';

/** Ansible takes so long that a part of the hosts must do. */
const sizes = { hosts: 1000, ansibleHosts: 200 };
const forks = 50;
const sshAtOnce = 64;
const peers = { ansible: `Ansible raw, ${forks} forks`, ssh: `plain ssh, ${sshAtOnce} at once` };

interface OurRound {
  readonly first: Look;
  /** Over the connections of the look before it. */
  readonly open: Look;
  readonly unanswered: number;
  /** Why hosts gave no answer when last looked at. */
  readonly complaints: Record<string, number>;
  /** Of the operator's own process; and with all its SSH clients, pages that they share counted once. */
  readonly residentBytes: number;
  readonly withClientsBytes: number;
  readonly writes: Record<string, number>;
}

interface Round extends OurRound {
  readonly ansible: Look;
  readonly ssh: Look;
}

export async function scanMany(options: Options): Promise<Measured> {
  const { rounds, say } = options;
  const hosts = scaled(sizes.hosts, options);
  say(`starting a control plane and ${hosts} addresses…`);
  const bed = await openManyBed(hosts);
  try {
    const all: Round[] = [];
    for (let round = 1; round <= rounds; round++) {
      const ours = await lookOften(bed, say);
      say(`round ${round}, ours: ${megabytes(ours)}; ${unanswered(ours)}`);
      const ansible = await ansibleRaw(bed, scaled(sizes.ansibleHosts, options), forks);
      say(`round ${round}, Ansible raw: ${told(ansible)}`);
      const ssh = await plainSsh(bed, sshAtOnce);
      say(`round ${round}, plain ssh: ${told(ssh)}`);
      all.push({ ...ours, ansible, ssh });
    }
    return summarise(all);
  } finally {
    await bed.stop();
  }
}

/** A fresh operator on Devices that it has never seen: the first look begins by itself, the others when asked for. */
async function lookOften(bed: ManyBed, say: Options['say']): Promise<OurRound> {
  const hosts = bed.targets.length;
  say(`making ${hosts} new Devices…`);
  await bed.makeDevicesNew();
  const from = await bed.auditEnd();
  const operator = await bed.startOperator();
  try {
    const first = await measureLook(operator, hosts, () => Promise.resolve(), say);
    say(`first pass: ${told(first)}`);
    await bed.settled(from);
    const writes = await bed.writesSince(from);
    const again = (): Promise<Look> => measureLook(operator, hosts, () => bed.askForPass(), say);
    say(`second pass, which leaves connections open: ${told(await again())}`);
    const open = await again();
    say(`third pass, over open connections: ${told(open)}`);
    const memory = {
      residentBytes: (await operator.memory()).resident,
      withClientsBytes: await operator.group.proportionalBytes(),
    };
    const { others } = await operator.looks();
    return { first, open, unanswered: others, complaints: await bed.complaints(), writes, ...memory };
  } finally {
    await operator.stop();
  }
}

function megabytes({ residentBytes, withClientsBytes }: OurRound): string {
  return `${Math.round(residentBytes / 1e6)} MB resident, ${Math.round(withClientsBytes / 1e6)} with its SSH clients`;
}

function unanswered({ unanswered: count, complaints }: OurRound): string {
  return `${count} looks without an answer ${JSON.stringify(complaints)}`;
}

function summarise(rounds: readonly Round[]): Measured {
  const last = rounds.at(-1)!;
  const figure =
    (value: (look: Look) => number, unit: string, better: Figure['better']) =>
    (what: string, side: 'first' | 'open', peer: 'ansible' | 'ssh'): Figure => ({
      what,
      unit,
      better,
      against: peers[peer],
      ours: rounds.map((round) => value(round[side])),
      peer: rounds.map((round) => value(round[peer])),
    });
  const rate = figure(perMinute, 'hosts per minute', 'more');
  const cpu = figure(cpuPerHost, 'ms CPU a host', 'less');
  return {
    peer: peers.ansible,
    figures: [
      rate('first pass: new connections, reports made', 'first', 'ansible'),
      rate('third pass: open connections', 'open', 'ansible'),
      cpu('first pass, the controller', 'first', 'ansible'),
      cpu('third pass, the controller', 'open', 'ansible'),
      rate('first pass', 'first', 'ssh'),
      rate('third pass', 'open', 'ssh'),
      cpu('first pass, the controller', 'first', 'ssh'),
      cpu('third pass, the controller', 'open', 'ssh'),
    ],
    setting: {
      rounds: rounds.length,
      hosts: last.first.hosts,
      ansibleHosts: last.ansible.hosts,
      operatorMegabytes: Math.round(Math.max(...rounds.map((round) => round.residentBytes)) / 1e6),
      withClientsMegabytes: Math.round(Math.max(...rounds.map((round) => round.withClientsBytes)) / 1e6),
    },
    notes: [
      `The operator: ${megabytes(last)}, pages that they share counted once.`,
      `Its writes in the first pass: ${JSON.stringify(last.writes)}.`,
      `Of ${3 * last.first.hosts} looks a round: ${rounds.map(unanswered).join('; ')}.`,
      'The peers run the same script with the same SSH options, compare nothing and record nothing.',
      'The hosts are this machine: sshd, the script and the control plane need its processors too, and are in no figure of CPU.',
    ],
    runs: rounds,
  };
}
