/** What the tests of Ansible stand on: a real sshd on this machine, a folder for what playbooks may touch, and real Ansible. */
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openLocalAnsible } from '../../operator/connect/ansible/local.ts';
import type { AnsibleHost, AnsibleRequest, AnsibleState, LocalAnsible } from '../../operator/connect/ansible/types.ts';
import { startTestServer } from '../ssh/server.ts';
import type { TestServer } from '../ssh/server.ts';
import type { Task } from '../../operator/lib/ansibleTask.ts';
import { setUp } from '../cluster/setUp.ts';

export type Finished = Extract<AnsibleState, { is: 'finished' }>;

export interface AnsibleBed {
  readonly server: TestServer;
  /** What playbooks touch. */
  readonly folder: string;
  readonly stateFolder: string;
  readonly python: string;
  readonly local: LocalAnsible;
  host(name: string, changes?: Partial<AnsibleHost>): AnsibleHost;
  /** A request for tasks on `web-01`, unless it says other. */
  request(changes?: Partial<AnsibleRequest>): AnsibleRequest;
  close(): Promise<void>;
}

/** Folder with the programs of Ansible's Python environment. */
export async function ansibleBin(): Promise<string> {
  return join(await setUp('ansible'), 'bin');
}

/** Ansible copies files by it. */
export const configuration = ['Subsystem sftp internal-sftp'];

export async function openBed(): Promise<AnsibleBed> {
  const python = await ansibleBin();
  const server = await startTestServer(configuration);
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-ansible-'));
  const stateFolder = join(folder, 'state');
  const host = (name: string, changes = {}): AnsibleHost => ({
    name,
    target: server.target(),
    variables: {},
    ...changes,
  });
  return {
    server,
    folder,
    stateFolder,
    python,
    local: openLocalAnsible({ folder: stateFolder, python }),
    host,
    request: (changes = {}) => ({
      hosts: [host('web-01')],
      playbook: { is: 'tasks', tasks: [] },
      variables: {},
      check: false,
      forks: 5,
      timeoutSeconds: 120,
      ...changes,
    }),
    async close() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function tasks(...list: readonly Task[]): Pick<AnsibleRequest, 'playbook'> {
  return { playbook: { is: 'tasks', tasks: list } };
}

/** Starts the run and waits for its end. */
export async function run(local: LocalAnsible, id: string, request: AnsibleRequest): Promise<Finished> {
  await local.start(id, request);
  const state = await ended(local, id);
  if (state.is !== 'finished') throw new Error(`The run ${id} is ${JSON.stringify(state)}.`);
  return state;
}

/** The state once it is no longer running. */
export async function ended(local: LocalAnsible, id: string): Promise<AnsibleState> {
  for (;;) {
    const state = await local.state(id);
    if (state.is !== 'running') return state;
    await delay(50);
  }
}

/** Waits until the condition holds; the test's own time limit ends it. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(20);
}

/** Processes that work in the folder, or below it, other than this one. */
export function processesIn(folder: string): { pid: number; command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const at = readlinkSync(`/proc/${pid}/cwd`);
        if (!`${at}/`.startsWith(`${folder}/`)) return [];
        return [{ pid: Number(pid), command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') }];
      } catch {
        return [];
      }
    });
}

/** Files of a run that still hold the text. */
export function filesWith(folder: string, text: string): string[] {
  return globSync('**', { cwd: folder }).filter((path) => {
    try {
      return readFileSync(join(folder, path), 'utf8').includes(text);
    } catch {
      return false;
    }
  });
}

export function linesOf(file: string): number {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0;
}

/** What a new operator does: it looks, starts what is not started, and waits for the end. */
export async function goOn(
  { stateFolder: folder }: Pick<AnsibleBed, 'stateFolder'>,
  python: string,
  id: string,
  request: AnsibleRequest,
) {
  const local = openLocalAnsible({ folder, python });
  const found = await local.state(id);
  if (found.is === 'absent') await local.start(id, request);
  return ended(local, id);
}

/** A Python environment whose ansible-runner only counts, so that the many steps of a start can be tried within seconds. */
export function countingPrograms(
  bed: Pick<AnsibleBed, 'folder' | 'python'>,
  counter: string,
  name = 'counting',
): string {
  const folder = join(bed.folder, name);
  mkdirSync(folder);
  symlinkSync(join(bed.python, 'python3'), join(folder, 'python3'));
  for (const program of ['ansible-runner', 'ansible-playbook']) {
    writeFileSync(join(folder, program), `#!/bin/sh\necho once >> ${counter}\n`, { mode: 0o755 });
  }
  return folder;
}
