/** `kubectl holdfast explain`: what can be declared, from the schemas that come with this plugin; without a cluster. */
import { command, UsageError } from './command.ts';

export const explain = command({
  words: 'explain',
  operands: '[KIND[.FIELD…]]',
  summary: 'Explain a kind or a field: meaning, type, allowed values, default, rules, and an example that works',
  examples: ['explain', 'explain devicebaseline.spec.checks.sshd', 'explain hmw.spec --recursive'],
  flags: {
    recursive: { type: 'boolean', help: 'all fields below it, by name and type' },
  },
  more: `KIND is its name, plural or short name, in any case. The schemas are those of this plugin; no cluster is asked.`,
  exits: {
    holds: 'it is explained',
    failed: 'there is no such kind or field, or the command line is wrong',
  },
  async run({ recursive = false }, operands, io) {
    const [operand, more] = operands;
    if (more !== undefined) throw new UsageError(`${more} is not expected; explain takes one KIND.FIELD`);
    const { runExplain } = await import('./explain/index.ts');
    return runExplain({ operand, recursive }, io);
  },
});
