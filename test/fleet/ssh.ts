/** What the tests need of SSH besides a client: keys made before a host boots, and whether it answers. */
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { mustRun } from './command.ts';

/** Makes an ed25519 key pair at `file` and `file`.pub. Resolves with its public half as `ssh-ed25519 AAAA…`. */
export async function makeKeyPair(file: string): Promise<string> {
  await mustRun(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', file]);
  return (await readFile(`${file}.pub`, 'utf8')).trim();
}

/** Whether an SSH server greets within half a second. */
export function sshAnswers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 500 });
    const answer = (does: boolean): void => {
      socket.destroy();
      resolve(does);
    };
    socket.once('data', (banner) => answer(banner.toString().startsWith('SSH-2.0-')));
    socket.once('timeout', () => answer(false));
    socket.once('error', () => answer(false));
    socket.once('close', () => answer(false));
  });
}
