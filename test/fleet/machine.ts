/** Says at once, in a sentence with the way out, what keeps this machine from running test hosts. */
import { readFile } from 'node:fs/promises';
import { runCommand } from './command.ts';

const tools = ['systemd-nspawn', 'debootstrap', 'rpmbuild', 'createrepo_c', 'ssh-keygen', 'ip', 'flock'];
/** What systemd takes in one host, counted for all hosts of a machine together. */
const inotifyInstancesPerHost = 5;

/** Rejects when the machine cannot run that many hosts. */
export async function requireMachineFor(hostCount: number): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error('Test hosts need root: run this again as root, or with sudo.');

  const found = await Promise.all(tools.map((tool) => runCommand(['which', tool])));
  const missing = tools.filter((_, index) => found[index]?.code !== 0);
  if (missing.length > 0) {
    throw new Error(`Test hosts need ${missing.join(', ')}: install them with \`tools/setup/setup.sh fleet\`.`);
  }

  const inotify = 'fs.inotify.max_user_instances';
  const allowed = Number(await readFile(`/proc/sys/${inotify.replaceAll('.', '/')}`, 'utf8'));
  const needed = hostCount * inotifyInstancesPerHost;
  if (needed > allowed) {
    throw new Error(
      `${hostCount} test hosts need ${inotify} of ${needed}, and it is ${allowed}: raise it with sysctl -w.`,
    );
  }
}
