/** `kubectl holdfast results`: the results of a baseline, for CI and for code scanning. */
import { command, UsageError, whereFlags } from './command.ts';
import { outputFlag } from './output.ts';

const outputs = ['json', 'yaml', 'junit', 'sarif'] as const;
export type ResultsOutput = (typeof outputs)[number];

export const results = command({
  words: 'results',
  operands: 'BASELINE',
  summary: 'Print the results of a baseline for programs: as JSON, YAML, JUnit or SARIF',
  examples: ['results rhel9 -n fleet -o junit > results.xml', 'results clusterbaseline/hardening -o sarif'],
  names: [{ kind: 'DeviceBaseline' }, { kind: 'ClusterBaseline', prefix: 'clusterbaseline/' }],
  flags: {
    output: outputFlag(outputs, 'form of the output (json)'),
    namespace: {
      type: 'string',
      value: 'NAME',
      short: 'n',
      help: 'namespace of the DeviceBaseline (that of the context)',
      names: 'Namespace',
    },
    ...whereFlags,
  },
  more: `BASELINE is the name of a DeviceBaseline, or clusterbaseline/NAME. What is waived is a suppression in SARIF and
skipped in JUnit; what is unknown never passes.`,
  exits: {
    holds: 'every check passes, is waived or does not apply',
    failed: 'nothing can be read',
    differs: 'a check fails or is unknown',
  },
  async run({ output = 'json', namespace, ...where }, operands, io) {
    const [operand, more] = operands;
    if (operand === undefined || more !== undefined) throw new UsageError('results needs the name of one baseline');
    const [, kind = 'devicebaseline', name = ''] =
      /^(?:((?:device|cluster)baseline)s?(?:\.holdfast\.dev)?\/)?([a-z0-9]([-a-z0-9.]*[a-z0-9])?)$/.exec(operand) ?? [];
    if (!name) throw new UsageError('BASELINE must be the name of a DeviceBaseline, or clusterbaseline/NAME');
    const { runResults } = await import('./cluster/results/index.ts');
    const isOfCluster = kind === 'clusterbaseline';
    return runResults({ name, isOfCluster, format: output, where, ...(namespace !== undefined && { namespace }) }, io);
  },
});
