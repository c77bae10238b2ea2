/** `kubectl holdfast doctor`: what is wrong with an installation, and the command that fixes it. */
import { command, UsageError, whereFlags } from './command.ts';
import { outputFlag } from './output.ts';

export const doctor = command({
  words: 'doctor',
  operands: '',
  summary: 'Check the installation in a cluster, and say what to fix',
  examples: ['doctor', 'doctor -n holdfast -o json'],
  flags: {
    namespace: {
      type: 'string',
      value: 'NAME',
      short: 'n',
      help: 'namespace of the operator (holdfast)',
      names: 'Namespace',
    },
    output: outputFlag(['wide', 'json', 'yaml'], 'form of the report; wide has all commands that fix something'),
    ...whereFlags,
  },
  more: 'Changes nothing: admission is tested by dry runs. What could not be read, such as for lack of a right, is Unknown.',
  exits: {
    holds: 'every check is Pass or Warn',
    failed: 'no usable kubeconfig',
    differs: 'a check is Fail or Unknown',
  },
  async run({ namespace = 'holdfast', output, ...where }, operands, io) {
    if (operands.length > 0) throw new UsageError(`${operands[0]} is not expected; doctor takes flags only`);
    const { runDoctor } = await import('./cluster/doctor/index.ts');
    return runDoctor({ namespace, output, where }, io);
  },
});
