/** `kubectl holdfast version`: which versions meet here, and whether they work with each other. */
import { command, UsageError, whereFlags } from './command.ts';

export const version = command({
  words: 'version',
  operands: '',
  summary: 'Show the versions of this plugin, the operator, its CRDs and the apiserver, and whether they work together',
  flags: {
    client: { type: 'boolean', help: 'of this plugin alone; no cluster is asked' },
    namespace: { type: 'string', value: 'NAME', short: 'n', help: 'namespace of the operator (holdfast)' },
    output: { type: 'string', value: 'text|json', short: 'o', help: 'form of the report (text)' },
    ...whereFlags,
  },
  more: `Examples:
  kubectl holdfast version
  kubectl holdfast version --client -o json

The plugin works with operators that are one minor version older or newer. It ends within 5 s, whatever a cluster does.
Exit codes: 0 the versions work together; 1 the command line is wrong; 2 they do not, or one of them is unknown.`,
  async run({ client = false, namespace = 'holdfast', output = 'text', ...where }, operands, io) {
    if (operands.length > 0) throw new UsageError(`${operands[0]} is not expected; version takes flags only`);
    if (output !== 'text' && output !== 'json') throw new UsageError('--output must be text or json');
    const { runVersion } = await import('./cluster/version/index.ts');
    return runVersion({ client, namespace, output, where }, io);
  },
});
