/** `kubectl holdfast validate`: whether files would be accepted, and would work, before any cluster sees them. */
import { command, UsageError } from './command.ts';

const outputs = ['text', 'json', 'junit', 'sarif'] as const;
export type ValidateOutput = (typeof outputs)[number];

export const validate = command({
  words: 'validate',
  operands: '',
  summary: 'Validate files without a cluster, as the apiserver would, and by what Holdfast knows of its kinds',
  flags: {
    filename: {
      type: 'string',
      value: 'FILE|DIR',
      short: 'f',
      multiple: true,
      help: 'file or directory, - for standard input; may be repeated',
    },
    output: { type: 'string', value: outputs.join('|'), short: 'o', help: 'form of the report (text)' },
  },
  more: `Examples:
  kubectl holdfast validate -f baselines/
  kustomize build overlays/prod | kubectl holdfast validate -f - -o junit
  helm template charts/fleet | kubectl holdfast validate -f -

It finds unknown fields, wrong values, broken rules, schedules and expressions that do not compile, and checks that
contradict each other. Objects of other kinds are skipped. What is referred to and is not among the files is a warning.
Exit codes: 0 all is valid; 1 something cannot be read; 2 something is invalid, or no object is of Holdfast.`,
  async run({ filename: files = [], output = 'text' }, operands, io) {
    if (operands.length > 0) throw new UsageError(`${operands[0]} is not expected; name files with -f`);
    if (files.length === 0) throw new UsageError('-f FILE is required; - is the standard input');
    const format = outputs.find((one) => one === output);
    if (!format) throw new UsageError(`--output must be ${outputs.join(', ')}`);
    const { runValidate } = await import('./validate/index.ts');
    return runValidate({ files: [...new Set(files)], format }, io);
  },
});
