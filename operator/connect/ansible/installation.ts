/** What an executor is: a name that lies in its folder, and the programs that it needs. */
import { randomUUID } from 'node:crypto';
import { constants, existsSync, readFileSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { writeOnce } from '../privateFile.ts';

/** The name of the executor whose folder it is. */
export function executorOf(folder: string): string {
  const file = join(folder, 'executor');
  if (!existsSync(file)) writeOnce(file, randomUUID(), join(folder, `executor-${randomUUID()}`));
  return readFileSync(file, 'utf8');
}

/** Throws a sentence when a program of Ansible is missing. */
export async function assertInstalled(python: string): Promise<void> {
  for (const program of ['python3', 'ansible-runner', 'ansible-playbook']) {
    await access(join(python, program), constants.X_OK).catch(() => {
      throw new Error(
        `Ansible is not installed: ${python} does not contain ${program}. Install it with "pip install ansible-core==2.19.* ansible-runner==2.4.*", ` +
          'set --ansible-bin to the directory of its programs, or use the backend Job.',
      );
    });
  }
}
