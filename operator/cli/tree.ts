/** `kubectl holdfast tree`: what belongs to what, live, with states. */
import { command, placeFlags, UsageError } from './command.ts';
import { outputFlag } from './output.ts';

/** Kinds that may be the root, by the words that kubectl takes for them. */
const roots = {
  device: 'Device',
  hdev: 'Device',
  devicebaseline: 'DeviceBaseline',
  hdbl: 'DeviceBaseline',
  clusterbaseline: 'ClusterBaseline',
  hcb: 'ClusterBaseline',
  canaryrollout: 'CanaryRollout',
  hcr: 'CanaryRollout',
} as const;
export type Root = (typeof roots)[keyof typeof roots];

const mostByDefault = 10;

export const tree = command({
  words: 'tree',
  operands: '[KIND/NAME]',
  summary: 'Show what belongs to a baseline, a host or a rollout: hosts, reports, runs, waivers, the worst first',
  names: ['Device', 'DeviceBaseline', 'ClusterBaseline', 'CanaryRollout'].map((kind) => ({
    kind,
    prefix: `${kind.toLowerCase()}/`,
  })),
  examples: ['tree -n fleet', 'tree devicebaseline/rhel9 -n fleet', 'tree device/web-01 -n fleet'],
  flags: {
    limit: {
      type: 'string',
      value: 'NUMBER',
      help: `how many of one kind are shown below an object (${mostByDefault})`,
    },
    output: outputFlag(['text', 'json'], 'form of the tree (text)'),
    ...placeFlags,
  },
  more: `KIND is device, devicebaseline, clusterbaseline or canaryrollout; without it, all baselines of the namespace.
Only what Holdfast itself made counts: by owner and recorded uid, not by names and labels that others can write.`,
  exits: {
    holds: 'all of it is as it should be',
    failed: 'it cannot be read',
    differs: 'something is not, or is unknown',
  },
  async run({ limit = `${mostByDefault}`, output = 'text', namespace, ...where }, operands, io) {
    const [operand, more] = operands;
    if (more !== undefined) throw new UsageError(`${more} is not expected; tree takes one KIND/NAME`);
    if (!/^[1-9]\d{0,5}$/.test(limit)) throw new UsageError('--limit must be a number from 1 on');
    const root = operand === undefined ? undefined : rootIn(operand);
    const { runTree } = await import('./cluster/tree/index.ts');
    return runTree({ root, output, most: Number(limit), place: { namespace, where } }, io);
  },
});

function rootIn(operand: string): { readonly kind: Root; readonly name: string } {
  const [, word = '', name = ''] =
    /^([A-Za-z]+?)s?(?:\.holdfast\.dev)?\/([a-z0-9]([-a-z0-9.]*[a-z0-9])?)$/.exec(operand) ?? [];
  const kind = Object.entries(roots).find(([key]) => key === word.toLowerCase())?.[1];
  if (!kind)
    throw new UsageError(
      `${JSON.stringify(operand)} must be KIND/NAME, such as devicebaseline/rhel9; kinds are device, devicebaseline, clusterbaseline and canaryrollout`,
    );
  return { kind, name };
}
