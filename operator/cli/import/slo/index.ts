/** `kubectl holdfast import slo`: objectives of OpenSLO, Sloth and Pyrra as ServiceLevelObjectives. Reads files only, never a cluster. */
import { command, UsageError } from '../../command.ts';

export const importSlo = command({
  words: 'import slo',
  operands: 'FILE|DIRECTORY|-…',
  summary: 'Translate objectives of OpenSLO, Sloth and Pyrra into ServiceLevelObjectives',
  examples: ['import slo slos/ > objectives.yaml'],
  flags: {},
  more: 'Prints YAML to standard output, and to standard error a report on each objective: nothing is left out without a note.',
  exits: {
    holds: 'all objectives translated',
    failed: 'unreadable input or no objectives',
    differs: 'some not translated',
  },
  async run(_, operands, io) {
    if (operands.length === 0) throw new UsageError('specify files, directories, or - for standard input');
    const { runImport } = await import('./run.ts');
    return runImport(operands, io);
  },
});
