/** `kubectl holdfast support-bundle`: what others need to find out what is wrong, without secrets. */
import { command, UsageError, whereFlags } from './command.ts';

export const supportBundle = command({
  words: 'support-bundle',
  operands: '',
  summary: 'Collect what others need to find out what is wrong: into a file, without secrets',
  examples: ['support-bundle', 'support-bundle --redact-names -o bundle.tar.gz'],
  flags: {
    output: { type: 'string', value: 'FILE', short: 'o', help: 'file to write (holdfast-support-TIME.tar.gz)' },
    force: { type: 'boolean', help: 'replace the file if it exists' },
    namespace: {
      type: 'string',
      value: 'NAME',
      short: 'n',
      help: 'namespace of the operator (holdfast)',
      names: 'Namespace',
    },
    namespaces: {
      type: 'string',
      value: 'NAME,…',
      help: 'namespaces to collect objects from (all; if forbidden, those of operator and context)',
    },
    'redact-names': { type: 'boolean', help: 'replace names and addresses of hosts by pseudonyms' },
    ...whereFlags,
  },
  more: `Reads no Secret. Replaces what is or may be a secret by REDACTED: check the file all the same before you pass it on.
MANIFEST.json in it lists what it contains, and what is missing and why.`,
  exits: { holds: 'complete', failed: 'not written', differs: 'written, but something is missing' },
  async run({ namespace = 'holdfast', output, force = false, namespaces, ...flags }, operands, io) {
    if (operands.length > 0) throw new UsageError(`${operands[0]} is not expected; support-bundle takes flags only`);
    const { 'redact-names': hidesNames = false, ...where } = flags;
    const chosen = namespaces?.split(',').map((name) => name.trim());
    if (chosen?.includes('')) throw new UsageError('--namespaces must be names, separated by commas');
    const { runBundle } = await import('./cluster/bundle/index.ts');
    return runBundle({ namespace, output, force, chosen, hidesNames, where }, io);
  },
});
