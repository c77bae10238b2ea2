/** `kubectl holdfast rollout …`: what a rollout does and why, and what a person decides about it. */
import { command, UsageError, whereFlags, type Command, type Flags, type Given } from './command.ts';
import { outputFlag } from './output.ts';

const namespaceFlag = {
  namespace: {
    type: 'string',
    value: 'NAME',
    short: 'n',
    help: 'namespace of the rollout (that of the context)',
    names: 'Namespace',
  },
} as const satisfies Flags;

const common = { ...namespaceFlag, ...whereFlags };
const names = [{ kind: 'CanaryRollout' }];

const get = command({
  words: 'rollout get',
  operands: '[NAME]',
  summary: 'Show a rollout as a tree: steps, gates, hosts, rollback; or all of a namespace',
  examples: ['rollout get -n fleet', 'rollout get rhel9 -n fleet --watch', 'rollout get rhel9 -n fleet --until-done'],
  names,
  flags: {
    ...common,
    output: outputFlag(['wide', 'json', 'yaml', 'name'], 'wide has all columns; json and yaml print the object'),
    watch: { type: 'boolean', short: 'w', help: 'show it again whenever it changes, until Ctrl-C' },
    'until-done': { type: 'boolean', help: 'watch until it is over' },
    timeout: { type: 'string', value: 'DURATION', help: 'stop watching after so long, such as 90m' },
  },
  exits: {
    holds: 'it was shown, or with --until-done the rollout is complete',
    failed: 'it cannot be shown, or with --until-done it was taken back, failed, or was not done within --timeout',
  },
  async run({ output, watch = false, 'until-done': untilDone = false, timeout, ...flags }, operands, io) {
    const name = atMostOne(operands, 'get');
    const watches = watch || untilDone;
    if (watches && (name === undefined || output !== undefined))
      throw new UsageError('--watch and --until-done need the name of a rollout, and no --output');
    if (timeout !== undefined && !watches) throw new UsageError('--timeout needs --watch or --until-done');
    const { runGet } = await import('./cluster/rollout/index.ts');
    return runGet({ name, output, watches, untilDone, timeout, ...placeOf(flags) }, io);
  },
});

const pause = command({
  words: 'rollout pause',
  operands: 'NAME',
  summary: 'Stop a rollout where it is: no further host gets the revision',
  examples: ['rollout pause rhel9 -n fleet --reason "a customer presents today" --until 4h'],
  names,
  flags: {
    ...common,
    reason: { type: 'string', value: 'TEXT', help: 'why, for those who read it later (required)' },
    until: {
      type: 'string',
      value: 'TIME|DURATION',
      help: 'when it resumes by itself, such as 2026-11-29T04:00:00Z or 2h',
    },
  },
  more: 'What goes wrong on hosts that have the revision is still taken back.',
  async run({ reason, until, ...flags }, operands, io) {
    const name = one(operands, 'pause');
    if (reason === undefined || reason.trim() === '') throw new UsageError('--reason is required');
    const { runVerb } = await import('./cluster/rollout/index.ts');
    return runVerb({ name, verb: 'pause', pause: { reason, until }, ...placeOf(flags) }, io);
  },
});

const verbs = [
  ['resume', 'Continue a rollout that is paused'],
  ['skip', 'End the soak of the step that a rollout is in'],
  ['promote', 'Skip to the last step of a rollout after this one'],
  ['abort', 'Take the revision of a rollout back, on all of its hosts'],
  ['retry', 'Roll a revision out again that was taken back'],
] as const;

const requests: readonly Command[] = verbs.map(([verb, summary]) =>
  command({
    words: `rollout ${verb}`,
    operands: 'NAME',
    summary,
    examples: [`rollout ${verb} rhel9 -n fleet`],
    names,
    flags: common,
    async run(flags, operands, io) {
      const name = one(operands, verb);
      const { runVerb } = await import('./cluster/rollout/index.ts');
      return runVerb({ name, verb, ...placeOf(flags) }, io);
    },
  }),
);

const explain = command({
  words: 'rollout explain',
  operands: 'NAME',
  summary: 'Say why a rollout is where it is, and what a person can do next',
  examples: ['rollout explain rhel9 -n fleet'],
  names,
  flags: common,
  more: 'NAME may also be that of a DeviceBaseline that no CanaryRollout rolls out.',
  async run(flags, operands, io) {
    const name = one(operands, 'explain');
    const { runExplain } = await import('./cluster/rollout/index.ts');
    return runExplain({ name, ...placeOf(flags) }, io);
  },
});

export const rolloutCommands: readonly Command[] = [get, explain, pause, ...requests];

function placeOf({ namespace, ...where }: Given<typeof common>) {
  return { ...(namespace !== undefined && { namespace }), where };
}

function one(operands: readonly string[], verb: string): string {
  const name = atMostOne(operands, verb);
  if (name === undefined) throw new UsageError(`rollout ${verb} needs the name of a CanaryRollout`);
  return name;
}

/** As kubectl takes them: `NAME`, or `canaryrollout/NAME`. */
function atMostOne(operands: readonly string[], verb: string): string | undefined {
  if (operands.length > 1) throw new UsageError(`${operands[1]} is not expected; rollout ${verb} takes one name`);
  const name = operands[0]?.replace(/^(canaryrollouts?(\.holdfast\.dev)?|hcr)\//, '');
  if (name !== undefined && !/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name))
    throw new UsageError('the name of a rollout has lowercase letters, digits, `-` and `.` alone');
  return name;
}
