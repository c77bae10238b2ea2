/** `kubectl holdfast scan`, `suspend` and `resume`: small requests about one object or a few. */
import { command, placeFlags, UsageError, type Command } from './command.ts';
import { assertName, deviceNames } from './parse.ts';

/** Kinds that can be suspended, by the words that kubectl takes for them. */
export const suspendable = {
  device: 'Device',
  devicebaseline: 'DeviceBaseline',
  clusterbaseline: 'ClusterBaseline',
  maintenancewindow: 'MaintenanceWindow',
  servicelevelobjective: 'ServiceLevelObjective',
  evidencestore: 'EvidenceStore',
  evidencepack: 'EvidencePack',
} as const;
export type Suspendable = (typeof suspendable)[keyof typeof suspendable];

const suspendableNames = Object.entries(suspendable).map(([word, kind]) => ({ kind, prefix: `${word}/` }));

const scan = command({
  words: 'scan',
  operands: 'DEVICE…',
  summary: 'Evaluate hosts now, also those that did not respond recently',
  examples: ['scan web-01 web-02 -n fleet'],
  names: [{ kind: 'Device' }],
  flags: placeFlags,
  more: 'It returns at once; `kubectl holdfast why DEVICE` says what was found.',
  async run({ namespace, ...where }, operands, io) {
    const names = deviceNames(operands);
    if (names.length === 0) throw new UsageError('scan needs the names of Devices');
    const { runScan } = await import('./cluster/acts/index.ts');
    return runScan({ names, place: { namespace, where } }, io);
  },
});

const suspend = command({
  words: 'suspend',
  operands: 'KIND/NAME',
  summary: 'Pause what Holdfast does about an object; until a time, or until it is resumed',
  examples: ['suspend device/web-01 --reason "moved to another rack" --until 2h -n fleet'],
  names: suspendableNames,
  flags: {
    reason: { type: 'string', value: 'TEXT', help: 'why, for those who read it later (required)' },
    until: { type: 'string', value: 'TIME|DURATION', help: 'when it resumes by itself, such as 2h' },
    ...placeFlags,
  },
  more: `KIND is ${Object.keys(suspendable).slice(0, 4).join(', ')},\n${Object.keys(suspendable).slice(4).join(', ')}.\nFor a rollout, use 'kubectl holdfast rollout pause'.`,
  async run({ reason = '', until, namespace, ...where }, operands, io) {
    const subject = subjectIn('suspend', operands);
    if (reason.trim() === '') throw new UsageError('--reason is required');
    const { runSuspend } = await import('./cluster/acts/index.ts');
    return runSuspend({ ...subject, suspend: { reason, until }, place: { namespace, where } }, io);
  },
});

const resume = command({
  words: 'resume',
  operands: 'KIND/NAME',
  summary: 'End the pause of an object',
  examples: ['resume device/web-01 -n fleet'],
  names: suspendableNames,
  flags: placeFlags,
  async run({ namespace, ...where }, operands, io) {
    const { runSuspend } = await import('./cluster/acts/index.ts');
    return runSuspend({ ...subjectIn('resume', operands), place: { namespace, where } }, io);
  },
});

export const actCommands: readonly Command[] = [resume, scan, suspend];

function subjectIn(verb: string, [operand = '', more]: readonly string[]): { kind: Suspendable; name: string } {
  const [, word = '', name = ''] = /^([a-z]+?)s?(?:\.holdfast\.dev)?\/(.+)$/.exec(operand) ?? [];
  const kind = Object.entries(suspendable).find(([key]) => key === word)?.[1];
  if (!kind || more !== undefined)
    throw new UsageError(
      `${verb} needs one KIND/NAME, such as device/web-01; kinds are ${Object.keys(suspendable).join(', ')}`,
    );
  assertName(name);
  return { kind, name };
}
