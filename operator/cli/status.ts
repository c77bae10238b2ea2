/** `kubectl holdfast status`: the fleet and the cluster on one screen. */
import { command, UsageError, whereFlags } from './command.ts';
import { outputFlag } from './output.ts';

export const status = command({
  words: 'status',
  operands: '',
  summary: 'Show how hosts and cluster are: what is known of how many, then what is worst',
  examples: ['status', 'status -n fleet -o wide', 'status -o json'],
  flags: {
    namespace: { type: 'string', value: 'NAME', short: 'n', help: 'this namespace alone (all)', names: 'Namespace' },
    output: outputFlag(['wide', 'json', 'yaml', 'name'], 'wide lists all that is not well; name lists its names'),
    ...whereFlags,
  },
  more: 'Objects without a namespace, such as ClusterBaselines, are always shown. What may not be read is named.',
  exits: {
    holds: 'all is known and as it should be',
    failed: 'nothing can be read',
    differs: 'something is not, or is unknown',
  },
  async run({ namespace = '', output, ...where }, operands, io) {
    if (operands.length > 0) throw new UsageError(`${operands[0]} is not expected; status takes flags only`);
    const { runStatus } = await import('./cluster/status/index.ts');
    return runStatus({ namespace, output, where }, io);
  },
});
