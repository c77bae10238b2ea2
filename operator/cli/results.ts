/** `kubectl holdfast results`: the results of a baseline, for CI and for code scanning. */
import { command, UsageError, whereFlags } from './command.ts';

const outputs = ['sarif', 'junit', 'json'] as const;
export type ResultsOutput = (typeof outputs)[number];

export const results = command({
  words: 'results',
  operands: 'BASELINE',
  summary: 'Print the results of a baseline as SARIF, JUnit XML or JSON',
  flags: {
    output: { type: 'string', value: outputs.join('|'), short: 'o', help: 'the format (json)' },
    namespace: {
      type: 'string',
      value: 'NAME',
      short: 'n',
      help: 'namespace of the DeviceBaseline (that of the context)',
    },
    ...whereFlags,
  },
  more: `BASELINE is the name of a DeviceBaseline, or clusterbaseline/NAME. What is waived is a suppression in SARIF and
skipped in JUnit; what is unknown never passes. Exit codes: 0 every check passes, is waived or does not apply;
1 nothing can be read; 2 a check fails or is unknown.`,
  async run({ output = 'json', namespace, ...where }, operands, io) {
    const [operand, more] = operands;
    if (operand === undefined || more !== undefined) throw new UsageError('results needs the name of one baseline');
    const [, kind = 'devicebaseline', name = ''] =
      /^(?:((?:device|cluster)baseline)s?(?:\.holdfast\.dev)?\/)?([a-z0-9]([-a-z0-9.]*[a-z0-9])?)$/.exec(operand) ?? [];
    if (!name) throw new UsageError('BASELINE must be the name of a DeviceBaseline, or clusterbaseline/NAME');
    const format = outputs.find((one) => one === output);
    if (!format) throw new UsageError(`--output must be ${outputs.join(', ')}`);
    const { runResults } = await import('./cluster/results/index.ts');
    const isOfCluster = kind === 'clusterbaseline';
    return runResults({ name, isOfCluster, format, where, ...(namespace !== undefined && { namespace }) }, io);
  },
});
