/** `kubectl holdfast doctor`: what is wrong with an installation, and the command that fixes it. */
import { command, UsageError, whereFlags } from './command.ts';

export const doctor = command({
  words: 'doctor',
  operands: '',
  summary: 'Check the installation of Holdfast in a cluster, and say what to fix',
  flags: {
    namespace: { type: 'string', value: 'NAME', short: 'n', help: 'namespace of the operator (holdfast)' },
    output: { type: 'string', value: 'text|json', short: 'o', help: 'form of the report (text)' },
    ...whereFlags,
  },
  more: `Changes nothing: admission is tested by dry runs. What could not be read, such as for lack of a right, is Unknown.
Exit codes: 0 every check is Pass or Warn; 1 no usable kubeconfig; 2 a check is Fail or Unknown.`,
  async run({ namespace = 'holdfast', output = 'text', ...where }, operands, io) {
    if (operands.length > 0) throw new UsageError(`${operands[0]} is not expected; doctor takes flags only`);
    if (output !== 'text' && output !== 'json') throw new UsageError('--output must be text or json');
    const { runDoctor } = await import('./cluster/doctor/index.ts');
    return runDoctor({ namespace, output, where }, io);
  },
});
