/** `kubectl holdfast windows`: when corrections may be made, and who waits for that. */
import { command, placeFlags, UsageError } from './command.ts';
import { outputFlag } from './output.ts';

const mostOpenings = 50;

export const windows = command({
  words: 'windows',
  operands: '[NAME]',
  summary: 'Show MaintenanceWindows: which are open, when they open next, who waits for them',
  names: [{ kind: 'MaintenanceWindow' }],
  examples: ['windows -A', 'windows sunday-night -n fleet --next 5'],
  flags: {
    next: {
      type: 'string',
      value: 'NUMBER',
      help: `how many openings to show, up to ${mostOpenings} (1; of one window 5)`,
    },
    'all-namespaces': { type: 'boolean', short: 'A', help: 'of all namespaces' },
    output: outputFlag(['text', 'json'], 'form of the report (text)'),
    ...placeFlags,
  },
  more: `Times are those of the window's own zone, of UTC, and of this machine. Openings are computed as the operator does it,
from what is declared: freezes, emergencies and suspensions included.`,
  exits: {
    holds: 'all are valid and known',
    failed: 'none can be read',
    differs: 'one is invalid, never opens, is missing, or is unknown',
  },
  async run({ next, 'all-namespaces': everywhere = false, output = 'text', namespace, ...where }, operands, io) {
    const [name, more] = operands;
    if (more !== undefined) throw new UsageError(`${more} is not expected; windows takes one NAME`);
    if (everywhere && (name !== undefined || namespace !== undefined))
      throw new UsageError('--all-namespaces excludes NAME and --namespace');
    const count = Number(next ?? (name === undefined ? 1 : 5));
    if (!Number.isInteger(count) || count < 1 || count > mostOpenings)
      throw new UsageError(`--next must be a number from 1 to ${mostOpenings}`);
    const { runWindows } = await import('./cluster/windows/index.ts');
    const window = name?.replace(/^(maintenancewindows?|hmw)(\.holdfast\.dev)?\//, '');
    return runWindows({ name: window, count, output, everywhere, place: { namespace, where } }, io);
  },
});
