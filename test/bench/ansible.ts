/**
 * Runs `ansible-playbook` as the operator would have it run: in the folder that it prepares, with pipelining, its SSH
 * options and pinned host keys. Without ansible-runner, whose own cost is not Ansible's.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { privateData } from '../../operator/connect/ansible/privateData.ts';
import type { AnsibleRequest } from '../../operator/connect/ansible/types.ts';
import { setUp } from '../cluster/setUp.ts';
import { type Spent, runMeasured } from './spent.ts';

export interface TaskResult {
  readonly changed?: boolean;
  readonly failed?: boolean;
  readonly unreachable?: boolean;
  readonly msg?: unknown;
  readonly stdout?: string;
}

/** What the callback `ansible.posix.json` prints. */
export interface PlaybookReport {
  readonly plays: readonly {
    readonly tasks: readonly {
      readonly task: { name: string };
      readonly hosts: Readonly<Record<string, TaskResult>>;
    }[];
  }[];
}

/** `folder` is empty, and stays for the caller to remove. */
export async function runPlaybook(
  folder: string,
  request: AnsibleRequest,
): Promise<Spent & { report: PlaybookReport }> {
  for (const { path, text } of privateData(request)) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await writeFile(join(folder, path), text, { mode: 0o600 });
  }
  for (const name of ['home', 'tmp', 'project/control']) await mkdir(join(folder, name), { recursive: true });
  const bin = join(await setUp('ansible'), 'bin');
  const mode = request.check ? ['--check'] : [];
  const command = [join(bin, 'ansible-playbook'), ...mode, '-i', '../inventory/hosts.yml', 'run.yml'];
  const environment = {
    PATH: `${bin}:${process.env.PATH}`,
    HOME: join(folder, 'home'),
    LANG: 'C.UTF-8',
    ANSIBLE_CONFIG: join(folder, 'ansible.cfg'),
    ANSIBLE_HOST_KEY_CHECKING: 'True',
    ANSIBLE_STDOUT_CALLBACK: 'ansible.posix.json',
    ANSIBLE_NOCOLOR: '1',
  };
  const { output, wallSeconds, cpuSeconds } = await runMeasured(command, {
    folder: join(folder, 'project'),
    environment,
  });
  return { wallSeconds, cpuSeconds, report: JSON.parse(output.slice(output.indexOf('{'))) as PlaybookReport };
}
