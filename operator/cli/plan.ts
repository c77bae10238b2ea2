/** `kubectl holdfast plan`: what would change if files were applied and Holdfast acted, without any side effect. */
import { command, placeFlags, UsageError } from './command.ts';
import { outputFlag } from './output.ts';

const outputs = ['text', 'wide', 'json'] as const;
export type PlanOutput = (typeof outputs)[number];

export const plan = command({
  words: 'plan',
  operands: '',
  summary: 'Show what files would change: on which hosts and objects, if they were applied; changes nothing',
  examples: ['plan -f baseline.yaml -n fleet', 'plan -f policies/ --ssh --sudo'],
  flags: {
    filename: {
      type: 'string',
      value: 'FILE',
      short: 'f',
      multiple: true,
      help: 'file or directory; - for standard input; may be repeated',
    },
    ssh: { type: 'boolean', help: 'ask the hosts, with your ssh and its configuration, what no report covers' },
    sudo: { type: 'boolean', help: 'with --ssh: look as root, by sudo that asks for no password' },
    'field-manager': { type: 'string', value: 'NAME', help: 'who applies it (as it was applied before, or kubectl)' },
    output: outputFlag(outputs, 'wide shows every difference and host (text)'),
    ...placeFlags,
  },
  more: `Everything is read and tried with your own rights. What may not be read is unknown, and named.
Of a chart: helm template … | kubectl holdfast plan -f -`,
  exits: {
    holds: 'nothing would change',
    failed: 'it would be refused, or cannot be planned',
    differs: 'something would change, or is unknown',
  },
  async run(given, operands, io) {
    const { filename: files = [], ssh = false, sudo = false, output = 'text', namespace, ...rest } = given;
    const { 'field-manager': manager, ...where } = rest;
    if (operands.length > 0) throw new UsageError(`${operands[0]} is not expected; name files with -f`);
    if (files.length === 0) throw new UsageError('-f FILE is required');
    if (sudo && !ssh) throw new UsageError('--sudo goes with --ssh');
    if (manager !== undefined && !/^[\x21-\x7e]{1,128}$/.test(manager))
      throw new UsageError('--field-manager must be a name of at most 128 characters');
    const { runPlan } = await import('./plan/index.ts');
    return runPlan({ files, ssh, sudo, manager, format: output, place: { namespace, where } }, io);
  },
});
