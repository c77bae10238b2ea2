/** `kubectl holdfast completion`: scripts by which shells complete commands, flags and names; and what these scripts, and kubectl, ask. */
import { command, exit, UsageError } from './command.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;

export const completion = command({
  words: 'completion',
  operands: 'bash|zsh|fish',
  summary: 'Print the script by which a shell completes commands: bash, zsh or fish',
  examples: [
    'completion bash > ~/.local/share/bash-completion/completions/kubectl-holdfast',
    'completion zsh',
    'completion fish',
  ],
  flags: {},
  more: `'kubectl holdfast' itself is completed by the script of kubectl (kubectl completion SHELL), which asks
kubectl_complete-holdfast: have it in PATH beside kubectl-holdfast. This script is for 'kubectl-holdfast'.
Names of objects are read from the cluster, for 1.5 s at most.`,
  async run(_, [shell, more], io) {
    const found = shells.find((one) => one === shell);
    if (!found || more !== undefined) throw new UsageError('completion needs one shell: bash, zsh or fish');
    const { scripts } = await import('./complete/scripts.ts');
    io.stdout(scripts[found]);
    return exit.holds;
  },
});

/** As programs with cobra have it, which kubectl relies on. It never fails: a shell would print that into the command line. */
export const complete = command({
  words: '__complete',
  operands: 'WORD…',
  summary: 'Print what the last word may become',
  isHidden: true,
  flags: {},
  async run(_, words, io) {
    const { runComplete } = await import('./complete/index.ts');
    return runComplete(words, io);
  },
});
