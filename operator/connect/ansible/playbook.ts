/** Makes the playbook of a run: tasks as data become plays in which no text is evaluated, but for `expression`s. Pure. */
import type { Expression, Task } from '../../lib/ansibleTask.ts';
import { ansibleYaml } from './ansibleYaml.ts';
import type { AnsibleRequest, ProjectFile } from './types.ts';

/** Ansible starts this last play only when it broke off none before, as it does when too many hosts failed; `run.py` looks for its name. */
const lastPlay = {
  name: 'holdfast-end',
  hosts: 'all',
  gather_facts: false,
  tasks: [{ 'ansible.builtin.meta': 'noop' }],
};

/**
 * The playbook `run.yml`, and beside it the author's where there is one.
 *
 * Tasks and roles obey `serial` and `maxFailPercentage`; an author's playbook says so itself. Throws a sentence for what cannot be run.
 */
export function projectFiles(
  request: Pick<AnsibleRequest, 'playbook' | 'serial' | 'maxFailPercentage'> & Partial<AnsibleRequest>,
): readonly ProjectFile[] {
  const { playbook } = request;
  const limits = {
    hosts: 'all',
    any_errors_fatal: false,
    ...(request.serial !== undefined && { serial: request.serial }),
    ...(request.maxFailPercentage !== undefined && { max_fail_percentage: request.maxFailPercentage }),
  };
  switch (playbook.is) {
    case 'tasks':
      playbook.tasks.forEach(assertTask);
      // Our own modules are chosen so that none needs facts: gathering costs a second and more a host.
      return [
        runFile([{ name: 'holdfast', ...limits, gather_facts: false, tasks: playbook.tasks }, lastPlay]),
        ...(playbook.files ?? []),
      ];
    case 'role':
      return [runFile([{ name: 'holdfast', ...limits, roles: [{ role: roleName(playbook.role) }] }, lastPlay])];
    case 'text':
      assertNoPrompt(playbook.text, request.variables ?? {});
      return [
        runFile([{ 'ansible.builtin.import_playbook': 'playbook.yml' }, lastPlay]),
        { name: 'playbook.yml', text: playbook.text },
      ];
  }
}

/** Ansible would wait for an answer until the run times out, as it has a terminal; what the run sets is not asked for. */
function assertNoPrompt(text: string, variables: AnsibleRequest['variables']): void {
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    const [, before = '', first] = /^([^#]*?)["']?vars_prompt["']?\s*:(.*)$/.exec(line) ?? [];
    if (first === undefined) continue;
    const rest = lines.slice(index + 1);
    const end = rest.findIndex((one) => /^\s*[^\s#-]/.test(one) && indentOf(one) <= before.length);
    const block = [first, ...rest.slice(0, end < 0 ? undefined : end)].join('\n');
    const names = [...block.matchAll(/\bname["']?\s*:\s*["']?(\w+)/g)].map(([, name = '']) => name);
    const missing = names.filter((name) => !Object.hasOwn(variables, name));
    if (names.length && !missing.length) continue;
    throw new Error(
      `The playbook asks for values (vars_prompt in line ${index + 1}), and nobody can answer in a run: set ${missing.join(', ') || 'them'} in spec.variables, or remove vars_prompt.`,
    );
  }
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function runFile(plays: readonly object[]): ProjectFile {
  return { name: 'run.yml', text: ansibleYaml(plays, evaluatedText) };
}

function evaluatedText(value: unknown): string | undefined {
  return isExpression(value) ? value.expression : undefined;
}

function isExpression(value: unknown): value is Expression {
  return typeof value === 'object' && value !== null && Object.keys(value).join() === 'expression';
}

function roleName(role: string): string {
  if (!/^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$/.test(role)) {
    throw new Error(`The role ${JSON.stringify(role)} must be named in full, as namespace.collection.role.`);
  }
  return role;
}

/** Ansible evaluates these, and refuses plain text there only when the task runs. */
const evaluatedKeywords = new Set(['when', 'changed_when', 'failed_when', 'until']);

function assertTask(task: Task): void {
  for (const [keyword, value] of Object.entries(task)) {
    if (evaluatedKeywords.has(keyword) && [value].flat().some((item) => typeof item === 'string')) {
      throw new Error(`The keyword "${keyword}" of a task takes an expression() or a boolean, not a string.`);
    }
    if (['block', 'rescue', 'always'].includes(keyword)) (value as readonly Task[]).forEach(assertTask);
  }
  const { name } = task;
  if ('block' in task && !(typeof name === 'string' && /^[a-z0-9-]+$/.test(name))) {
    throw new Error(`The name ${JSON.stringify(name)} of a block may contain only lowercase letters, digits and "-".`);
  }
}
