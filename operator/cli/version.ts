/** `kubectl holdfast version`: which versions meet here, and whether they work with each other. */
import { command, UsageError, whereFlags } from './command.ts';
import { outputFlag } from './output.ts';

export const version = command({
  words: 'version',
  operands: '',
  summary: 'Show versions, and whether they work together: this plugin, the operator, its CRDs, the apiserver',
  examples: ['version', 'version --client -o json'],
  flags: {
    client: { type: 'boolean', help: 'of this plugin alone; no cluster is asked' },
    namespace: { type: 'string', value: 'NAME', short: 'n', help: 'namespace of the operator (holdfast)' },
    output: outputFlag(['text', 'json'], 'form of the report (text)'),
    ...whereFlags,
  },
  more: `The plugin works with operators that are one minor version older or newer. It ends within 5 s, whatever a cluster does.`,
  exits: {
    holds: 'the versions work together',
    failed: 'the command line is wrong',
    differs: 'they do not, or one of them is unknown',
  },
  async run({ client = false, namespace = 'holdfast', output = 'text', ...where }, operands, io) {
    if (operands.length > 0) throw new UsageError(`${operands[0]} is not expected; version takes flags only`);
    const { runVersion } = await import('./cluster/version/index.ts');
    return runVersion({ client, namespace, output, where }, io);
  },
});
