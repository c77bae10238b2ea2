/** How the list of commands is arranged: by what people want. A command that is named nowhere comes last. */

export interface Group {
  readonly title: string;
  /** The first words of commands. */
  readonly words: readonly string[];
}

export const groups: readonly Group[] = [
  { title: 'See', words: ['status', 'why', 'tree', 'explain', 'windows', 'check', 'results', 'plan', 'validate'] },
  { title: 'Decide', words: ['waive', 'approve', 'reject', 'rollout'] },
  { title: 'Act', words: ['scan', 'correct', 'undo', 'suspend', 'resume'] },
  { title: 'Evidence', words: ['evidence'] },
  { title: 'Install', words: ['doctor', 'support-bundle', 'import', 'version', 'completion'] },
];

/** Commands of several words that begin alike, on one line. */
export const families: Readonly<Record<string, string>> = {
  evidence: 'Verify evidence, and hand it over',
  import: 'Translate what other tools declare',
};
