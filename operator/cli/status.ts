/** `kubectl holdfast status`: the fleet and the cluster on one screen. */
import { command, UsageError, whereFlags } from './command.ts';

export const status = command({
  words: 'status',
  operands: '',
  summary: 'Show how hosts and cluster are: what is known of how many, then what is worst',
  flags: {
    namespace: { type: 'string', value: 'NAME', short: 'n', help: 'this namespace alone; all by default' },
    output: { type: 'string', value: 'text|json', short: 'o', help: 'form of the report (text)' },
    ...whereFlags,
  },
  more: `Objects without a namespace, such as ClusterBaselines, are always shown. What may not be read is named.
Exit codes: 0 all is known and as it should be; 1 nothing can be read; 2 something is not, or is
unknown.`,
  async run({ namespace = '', output = 'text', ...where }, operands, io) {
    if (operands.length > 0) throw new UsageError(`${operands[0]} is not expected; status takes flags only`);
    if (output !== 'text' && output !== 'json') throw new UsageError('--output must be text or json');
    const { runStatus } = await import('./cluster/status/index.ts');
    return runStatus({ namespace, output, where }, io);
  },
});
