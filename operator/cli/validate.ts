/** `kubectl holdfast validate`: whether files would be accepted, and would work, before any cluster sees them. */
import { command, UsageError } from './command.ts';
import { outputFlag } from './output.ts';

const outputs = ['text', 'json', 'junit', 'sarif'] as const;
export type ValidateOutput = (typeof outputs)[number];

export const validate = command({
  words: 'validate',
  operands: '',
  summary: 'Validate files without a cluster: as the apiserver would, and by what Holdfast knows of its kinds',
  examples: ['validate -f baselines/', 'validate -f baselines/ -o junit'],
  flags: {
    filename: {
      type: 'string',
      value: 'FILE|DIR',
      short: 'f',
      multiple: true,
      help: 'file or directory, - for standard input; may be repeated',
    },
    output: outputFlag(outputs, 'form of the report (text)'),
  },
  more: `Fields that do not exist, wrong values, rules, schedules and expressions that do not compile, checks that conflict.
Objects of other kinds are counted and skipped. What is referred to and is not among the files is a warning.
Of a chart: helm template … | kubectl holdfast validate -f -; of an overlay: kustomize build … | the same.`,
  exits: {
    holds: 'all is valid',
    failed: 'something cannot be read',
    differs: 'something is invalid, or no object is of Holdfast',
  },
  async run({ filename: files = [], output = 'text' }, operands, io) {
    if (operands.length > 0) throw new UsageError(`${operands[0]} is not expected; name files with -f`);
    if (files.length === 0) throw new UsageError('-f FILE is required; - is the standard input');
    const { runValidate } = await import('./validate/index.ts');
    return runValidate({ files: [...new Set(files)], format: output }, io);
  },
});
