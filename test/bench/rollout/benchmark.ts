/**
 * Rollouts decided, beside what a small operator on controller-runtime needs to decide about an object: that reads one object and digests its spec, ours
 * reads a baseline, its hosts, their reports and runs, evaluates the gates and seals the result.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startCluster } from '../../cluster/cluster.ts';
import { setUp } from '../../cluster/setUp.ts';
import { Driver, type TurnWithChanges } from '../reconcile/driver.ts';
import { type Options, scaled } from '../options.ts';
import type { Measured } from '../report.ts';
import { compiled } from '../start.ts';

const sizes = { rollouts: 1000, devices: 10_000, seconds: 10, objects: 10_000 };

interface Turn {
  readonly decisions: number;
  readonly cpuSeconds: number;
  readonly resident: number;
  readonly states: readonly (readonly [string, number])[];
}

export async function rollout(options: Options): Promise<Measured> {
  const { rounds, say } = options;
  const ours = await compiled(join(import.meta.dirname, 'ours.ts'), []);
  const [rollouts, devices] = [scaled(sizes.rollouts, options), scaled(sizes.devices, options)];
  const seconds = Math.max(1, sizes.seconds * options.scale);
  const go = join(await setUp('bench-operator'), 'bench-operator');
  const manifests = [join(import.meta.dirname, '../reconcile/widgets.yaml')];
  const cluster = await startCluster({ controllerManager: false, manifests });
  const driver = await Driver.open(cluster.kubeconfig);
  try {
    say('making objects for the peer…');
    await driver.makeObjects(scaled(sizes.objects, options));
    const turns: Turn[] = [];
    const peers: TurnWithChanges[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const [program = '', ...words] = ours.command(String(rollouts), String(devices), String(seconds));
      const { stdout } = await promisify(execFile)(program, words);
      const turn = JSON.parse(stdout) as Turn;
      const peer = await driver.turnWithChanges({
        name: 'typed',
        command: (kubeconfig) => [go, `--kubeconfig=${kubeconfig}`, '--mode=typed'],
      });
      say(`round ${round}, ours: ${turn.decisions} decisions in ${turn.cpuSeconds.toFixed(1)} CPU-s`);
      say(`round ${round}, peer: ${peer.decisions} decisions in ${peer.changesCpu.toFixed(1)} CPU-s`);
      turns.push(turn);
      peers.push(peer);
    }
    return {
      peer: 'controller-runtime, typed',
      figures: [
        {
          what: `rollouts decided, of ${rollouts} over ${devices} hosts`,
          unit: 'decisions per CPU-second',
          better: 'more',
          ours: turns.map((turn) => turn.decisions / turn.cpuSeconds),
          peer: peers.map((turn) => turn.decisions / turn.changesCpu),
        },
        {
          what: 'hosts decided about',
          unit: 'hosts per CPU-second',
          better: 'more',
          ours: turns.map((turn) => (turn.decisions * devices) / rollouts / turn.cpuSeconds),
          peer: peers.map((turn) => turn.decisions / turn.changesCpu),
        },
        {
          what: 'resident',
          unit: 'MB',
          better: 'less',
          ours: turns.map((turn) => turn.resident / 1e6),
          peer: peers.map((turn) => turn.resident / 1e6),
        },
      ],
      setting: { rounds, rollouts, devices, states: JSON.stringify(turns[0]?.states ?? []) },
      notes: [
        'The peer decides about one object by the digest of its spec; a decision of ours is about all hosts of a rollout, with its gates and the seal.',
        'Ours is the decision alone, from objects in memory; the peer has its watch in its figures.',
      ],
      runs: [...turns, ...peers],
    };
  } finally {
    await driver.close();
    await cluster.stop();
    await ours.stop();
  }
}
