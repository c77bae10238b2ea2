/** `kubectl holdfast correct` and `undo`: a run of Ansible by hand, of what fails now, and of what another run changed. */
import { parseDuration } from '../lib/duration.ts';
import { command, placeFlags, UsageError, type Command } from './command.ts';
import { assertName, deviceNames } from './parse.ts';

const runFlags = {
  'dry-run': { type: 'boolean', help: 'show what would be done, have the apiserver check it, and create nothing' },
  yes: { type: 'boolean', short: 'y', help: 'do not ask for confirmation' },
  wait: { type: 'boolean', help: 'follow the run until it is over, and print what came of it on each host' },
  timeout: {
    type: 'string',
    value: 'DURATION',
    help: 'with --wait: for how long, such as 30m (1h); the run continues',
  },
  ...placeFlags,
} as const;

const correct = command({
  words: 'correct',
  operands: 'DEVICE…',
  summary: 'Correct now what fails on hosts, by an AnsibleRun; waivers, windows and rollouts apply',
  names: [{ kind: 'Device' }],
  examples: ['correct web-01 -n fleet --dry-run', 'correct web-01 web-02 --check motd --yes --wait'],
  flags: {
    baseline: {
      type: 'string',
      value: 'NAME',
      help: 'what fails under this DeviceBaseline alone',
      names: { kind: 'DeviceBaseline' },
    },
    check: { type: 'string', value: 'NAME', multiple: true, help: 'this check alone; may be repeated' },
    ...runFlags,
  },
  exits: {
    holds: 'nothing is left to be corrected',
    failed: 'it cannot be done',
    differs: 'something was, or will be, left as it is, or a dry run has something to correct',
  },
  async run({ baseline, check = [], ...flags }, operands, io) {
    const clusterBaseline = operands.find((operand) => /^clusterbaselines?(\.holdfast\.dev)?\//.test(operand));
    if (clusterBaseline !== undefined)
      throw new UsageError(
        `${clusterBaseline}: objects of the cluster are corrected in mode Enforce alone; set it: kubectl patch clusterbaseline ${clusterBaseline.split('/')[1] ?? ''} --type merge -p '{"spec":{"mode":"Enforce"}}'`,
      );
    const devices = deviceNames(operands);
    if (devices.length === 0) throw new UsageError('correct needs the names of Devices');
    if (devices.length > 200) throw new UsageError('correct takes 200 Devices at most');
    const { runCorrect } = await import('./cluster/runs/correct.ts');
    return runCorrect({ devices, baseline, checks: [...new Set(check)], ...howOf(flags) }, io);
  },
});

const undo = command({
  words: 'undo',
  operands: 'RUN',
  summary: 'Put back what an AnsibleRun changed: exactly, or say what is not put back',
  names: [{ kind: 'AnsibleRun' }],
  examples: ['undo rhel9-7 -n fleet --dry-run', 'undo rhel9-7 --yes --wait'],
  flags: {
    device: {
      type: 'string',
      value: 'NAME',
      multiple: true,
      help: 'on this host alone; may be repeated',
      names: { kind: 'Device' },
    },
    ...runFlags,
  },
  exits: {
    holds: 'done',
    failed: 'it cannot be done, or was done already',
    differs: 'something is not put back, or a dry run has something to put back',
  },
  async run({ device = [], ...flags }, operands, io) {
    const [operand = '', more] = operands;
    const name = operand.replace(/^(ansibleruns?|har)(\.holdfast\.dev)?\//, '');
    if (name === '' || more !== undefined) throw new UsageError('undo needs the name of one AnsibleRun');
    for (const one of [name, ...device]) assertName(one);
    const { runUndo } = await import('./cluster/runs/undo.ts');
    return runUndo({ name, devices: [...new Set(device)], ...howOf(flags) }, io);
  },
});

export const runCommands: readonly Command[] = [correct, undo];

/** How a run is asked for. */
export interface How {
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly wait: boolean;
  readonly milliseconds: number;
  readonly place: { readonly namespace: string | undefined; readonly where: { kubeconfig?: string; context?: string } };
}

function howOf({
  'dry-run': dryRun = false,
  yes = false,
  wait = false,
  timeout = '1h',
  namespace,
  ...where
}: {
  readonly 'dry-run'?: boolean;
  readonly yes?: boolean;
  readonly wait?: boolean;
  readonly timeout?: string;
  readonly namespace?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
}): How {
  const nanoseconds = parseDuration(timeout);
  if (nanoseconds === undefined || nanoseconds <= 0n) throw new UsageError('--timeout must be a duration, such as 30m');
  return { dryRun, yes, wait, milliseconds: Number(nanoseconds / 1_000_000n), place: { namespace, where } };
}
