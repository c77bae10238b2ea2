/** `kubectl holdfast waive`, `approve` and `reject`: to ask for a deviation, and to decide about one. */
import { command, placeFlags, UsageError, type Command } from './command.ts';

const waive = command({
  words: 'waive',
  operands: 'DEVICE CHECK…',
  summary: 'Request that checks may fail on a host for a while; someone else has to approve it',
  examples: [
    'waive web-01 motd -n fleet --until 336h --reason "the installer of the vendor writes it"',
    'waive web-01 motd -n fleet --until 336h --reason TEXT --dry-run > waiver.yaml',
  ],
  names: [{ kind: 'Device' }],
  flags: {
    reason: { type: 'string', value: 'TEXT', help: 'why the deviation is needed (required)' },
    until: {
      type: 'string',
      value: 'TIME|DURATION',
      help: 'when it ends, such as 2027-01-31T00:00:00Z or 336h (required)',
    },
    baseline: {
      type: 'string',
      value: 'NAME',
      help: 'the DeviceBaseline, where several have such a check',
      names: { kind: 'DeviceBaseline' },
    },
    risk: { type: 'string', value: 'TEXT', help: 'what could happen meanwhile' },
    ticket: { type: 'string', value: 'TEXT', help: 'where it is tracked' },
    name: { type: 'string', value: 'NAME', help: 'name of the PolicyWaiver (DEVICE-CHECK)' },
    'dry-run': { type: 'boolean', help: 'print the PolicyWaiver, and create nothing' },
    ...placeFlags,
  },
  more: 'The checks must fail there now. It is requested in your own name, as the apiserver knows it.',
  async run(
    { reason = '', until = '', baseline, risk, ticket, name, 'dry-run': dryRun = false, namespace, ...where },
    operands,
    io,
  ) {
    const [device = '', ...checks] = operands;
    if (device === '' || checks.length === 0) throw new UsageError('waive needs the name of a Device and of checks');
    if (reason.trim() === '') throw new UsageError('--reason is required');
    if (until === '') throw new UsageError('--until is required');
    const { runWaive } = await import('./cluster/decisions/waive.ts');
    const asked = {
      device: device.replace(/^devices?\//, ''),
      checks: [...new Set(checks)],
      reason,
      until,
      baseline,
      risk,
      ticket,
      name,
    };
    return runWaive({ ...asked, dryRun, place: { namespace, where } }, io);
  },
});

const decisions = [
  ['approve', 'Approve', 'Approve a waiver, or the next step of a rollout, as it is now'],
  ['reject', 'Reject', 'Reject a waiver, or the next step of a rollout'],
] as const;

const deciding: readonly Command[] = decisions.map(([verb, decision, summary]) =>
  command({
    words: verb,
    operands: 'policywaiver/NAME|canaryrollout/NAME',
    summary,
    examples: [
      `${verb} policywaiver/web-01-motd -n fleet${decision === 'Reject' ? ' --comment "fix it instead"' : ''}`,
      `${verb} canaryrollout/rhel9 -n fleet --role security${decision === 'Reject' ? ' --comment TEXT' : ''}`,
    ],
    names: [
      { kind: 'PolicyWaiver', prefix: 'policywaiver/' },
      { kind: 'CanaryRollout', prefix: 'canaryrollout/' },
    ],
    flags: {
      digest: { type: 'string', value: 'SHA256', help: 'the version that was reviewed; that of now by default' },
      role: { type: 'string', value: 'ROLE', help: 'the role in which you decide, such as security' },
      comment: { type: 'string', value: 'TEXT', help: decision === 'Reject' ? 'why (required)' : 'why' },
      ...placeFlags,
    },
    more: 'It prints what it is about first. The decision counts for that version alone: any change voids it.',
    async run({ digest, role, comment, namespace, ...where }, operands, io) {
      const [operand = '', more] = operands;
      const [, kind, name] =
        /^(policywaivers?|canaryrollouts?|hpw|hcr)(?:\.holdfast\.dev)?\/([a-z0-9]([-a-z0-9.]*[a-z0-9])?)$/.exec(
          operand,
        ) ?? [];
      if (!kind || !name || more !== undefined)
        throw new UsageError(`${verb} needs policywaiver/NAME or canaryrollout/NAME`);
      if (decision === 'Reject' && !comment?.trim()) throw new UsageError('--comment is required');
      const { runDecide } = await import('./cluster/decisions/approve.ts');
      const subject = {
        kind: /^(policywaiver|hpw)/.test(kind) ? ('PolicyWaiver' as const) : ('CanaryRollout' as const),
        name,
      };
      return runDecide({ decision, subject, digest, role, comment, place: { namespace, where } }, io);
    },
  }),
);

export const decisionCommands: readonly Command[] = [waive, ...deciding];
