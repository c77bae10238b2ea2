/** `kubectl holdfast plan`: what would change if files were applied and Holdfast acted, without any side effect. */
import { command, placeFlags, UsageError } from './command.ts';

const outputs = ['text', 'wide', 'json'] as const;
export type PlanOutput = (typeof outputs)[number];

export const plan = command({
  words: 'plan',
  operands: '',
  summary: 'Show what would change, on which hosts and objects, if files were applied; changes nothing',
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
    output: {
      type: 'string',
      value: outputs.join('|'),
      short: 'o',
      help: 'wide shows every difference and host (text)',
    },
    ...placeFlags,
  },
  more: `Examples:
  kubectl holdfast plan -f baseline.yaml -n fleet
  kubectl holdfast plan -f policies/ --ssh --sudo
  helm template … | kubectl holdfast plan -f - -o json

Everything is read and tried with your own rights. What may not be read is unknown, and named.
Exit codes: 0 nothing would change; 1 it would be refused, or cannot be planned; 2 something would change,
or is unknown.`,
  async run(given, operands, io) {
    const { filename: files = [], ssh = false, sudo = false, output = 'text', namespace, ...rest } = given;
    const { 'field-manager': manager, ...where } = rest;
    if (operands.length > 0) throw new UsageError(`${operands[0]} is not expected; name files with -f`);
    if (files.length === 0) throw new UsageError('-f FILE is required');
    if (sudo && !ssh) throw new UsageError('--sudo goes with --ssh');
    const format = outputs.find((one) => one === output);
    if (!format) throw new UsageError(`--output must be one of ${outputs.join(', ')}`);
    if (manager !== undefined && !/^[\x21-\x7e]{1,128}$/.test(manager))
      throw new UsageError('--field-manager must be a name of at most 128 characters');
    const { runPlan } = await import('./plan/index.ts');
    return runPlan({ files, ssh, sudo, manager, format, place: { namespace, where } }, io);
  },
});
