/** A connector in a folder of its own, for tests, with a view of the processes that it has. */
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openSsh } from '../../operator/connect/ssh/openSsh.ts';
import type { AddressedTarget, SshAnswer, SshClient, SshRequest } from '../../operator/connect/ssh/types.ts';

export interface Client {
  readonly pid: number;
  readonly title: string;
}

export interface TestConnector {
  readonly folder: string;
  readonly ssh: SshClient;
  /** Asks for `script`, `cat` by default, with `hello` on its standard input. */
  ask(
    target: AddressedTarget,
    script?: string,
    changes?: Partial<SshRequest>,
    signal?: AbortSignal,
  ): Promise<SshAnswer>;
  /** The output as text, or the failure. */
  outputOf(target: AddressedTarget, script?: string): Promise<string>;
  /** Asks twice, for who comes back gets a connection that stays open. */
  connect(target: AddressedTarget): Promise<void>;
  /** All processes of connectors in the folder; those of ssh, and those of them that keep a connection. */
  processes(): Client[];
  clients(): Client[];
  masters(): Client[];
  /** A killed process takes a moment to be gone. */
  noClients(): Promise<void>;
  /** Closes; throws when a process or a file is left. */
  close(): Promise<void>;
}

export const never = new AbortController().signal;

export function openTestConnector(): TestConnector {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-ssh-'));
  const ssh = openSsh({ folder, maxConnections: 2 });
  const processes = (): Client[] => processesIn(folder);
  const clients = (): Client[] => processes().filter(({ title }) => /^ssh\b/.test(title));
  const noClients = (): Promise<void> => until(() => clients().length === 0);
  const ask: TestConnector['ask'] = (target, script = 'cat', changes = {}, signal = never) => {
    const request = { script, input: 'hello\n', timeoutSeconds: 20, maxBytes: 1_000_000, ...changes };
    return ssh.execute(target, request, signal);
  };
  return {
    folder,
    ssh,
    ask,
    async outputOf(target, script) {
      const answer = await ask(target, script);
      return answer.is === 'answered' ? answer.output.toString() : JSON.stringify(answer);
    },
    async connect(target) {
      for (let times = 0; times < 2; times++) await ask(target);
    },
    processes,
    clients,
    masters: () => clients().filter(({ title }) => title.endsWith('[mux]')),
    noClients,
    async close() {
      await ssh.close();
      await until(() => processes().length === 0);
      rmdirSync(folder);
    },
  };
}

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await condition()); tries++) {
    if (tries > 2000) throw new Error('What was waited for did not come about within 20 s.');
    await delay(10);
  }
}

function processesIn(folder: string): Client[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      if (!/^\d+$/.test(pid) || !readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)) return [];
      return [{ pid: Number(pid), title: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() }];
    } catch {
      return [];
    }
  });
}
