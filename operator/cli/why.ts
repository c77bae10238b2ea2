/** `kubectl holdfast why`: why a host or a ClusterBaseline does not comply, check by check, and what to do next. */
import { command, UsageError, whereFlags } from './command.ts';
import { outputFlag } from './output.ts';

const kinds = { device: 'Device', clusterbaseline: 'ClusterBaseline' } as const;
export type WhyKind = (typeof kinds)[keyof typeof kinds];

export const why = command({
  words: 'why',
  operands: 'DEVICE|clusterbaseline/NAME [CHECK]',
  summary: 'Say why a host does not comply: what was expected and found, since when, what was tried, what to do next',
  examples: ['why web-01 -n fleet', 'why web-01 sshd-no-root -n fleet', 'why clusterbaseline/NAME -o json'],
  names: [{ kind: 'Device' }, { kind: 'ClusterBaseline', prefix: 'clusterbaseline/' }],
  flags: {
    namespace: {
      type: 'string',
      value: 'NAME',
      short: 'n',
      help: 'namespace of the Device (that of the context)',
      names: 'Namespace',
    },
    output: outputFlag(['json', 'yaml']),
    ...whereFlags,
  },
  exits: { holds: 'all of it complies', failed: 'it cannot be read', differs: 'something does not, or is unknown' },
  async run({ namespace, output, ...where }, operands, io) {
    const [operand = '', check, more] = operands;
    if (operand === '') throw new UsageError('why needs the name of a Device, or clusterbaseline/NAME');
    if (more !== undefined) throw new UsageError(`${more} is not expected; why takes a name and a check`);
    const [, kind = 'device', name = ''] =
      /^(?:(device|clusterbaseline)s?(?:\.holdfast\.dev)?\/)?([a-z0-9]([-a-z0-9.]*[a-z0-9])?)$/.exec(operand) ?? [];
    if (!name) throw new UsageError(`${JSON.stringify(operand)} must be the name of a Device, or clusterbaseline/NAME`);
    const { runWhy } = await import('./cluster/why/index.ts');
    const asked = { kind: kinds[kind as keyof typeof kinds], name, ...(check !== undefined && { check }) };
    return runWhy({ ...asked, where, output, ...(namespace !== undefined && { namespace }) }, io);
  },
});
