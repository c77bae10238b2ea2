/**
 * Hosts that say what was executed on them: Python itself appends a line for each file that it is about to put in its place, whoever asks it
 * to, and there the process can be held.
 */
import { startFleet, type Fleet, type Host } from '../../fleet/fleet.ts';

const log = '/var/log/hf-executed';
const holds = '/run/hf-holds';
const modules = '/usr/lib/python3/dist-packages';

/** The event comes before its effect. A name in a folder that is open has no path of its own, so names are unlike on purpose. */
const audit = `
import json, os, sys

def heard(event, arguments):
    if event not in ('os.rename', 'os.link'):
        return
    source, name, folder = os.fspath(arguments[0]), os.fspath(arguments[1]), arguments[2]
    if not os.path.basename(str(name)).startswith('hf-case-'):
        return
    opened = os.open(source, os.O_RDONLY, dir_fd=folder if folder >= 0 else None)
    content = os.read(opened, 4096).decode()
    os.close(opened)
    line = json.dumps({'name': os.path.basename(name), 'content': content}) + '\\n'
    written = os.open('${log}', os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(written, line.encode())
    os.close(written)
    try:
        open('${holds}/' + os.path.basename(name)).close()
    except FileNotFoundError:
        pass

sys.addaudithook(heard)
`;

export async function startWatchedHosts(names: readonly string[]): Promise<Fleet> {
  const fleet = await startFleet({ names });
  for (const host of fleet.hosts) {
    await host.mustRun(`mkdir -p ${holds} && : >${log}`);
    await host.writeFile(`${modules}/hf_audit.py`, audit);
    await host.writeFile(`${modules}/hf_audit.pth`, 'import hf_audit\n');
  }
  return fleet;
}

/** The file of a place, which nobody else writes. */
export function pathOf(id: string): string {
  return `/etc/hf-${id}`;
}

/** How often the file of a place was replaced with each content. */
export async function executedOn(host: Host, id: string): Promise<Readonly<Record<string, number>>> {
  const lines = (await host.readFile(log)).split('\n').filter(Boolean);
  const own = lines
    .map((line) => JSON.parse(line) as { name: string; content: string })
    .filter(({ name }) => name === `hf-${id}`);
  const counts = Map.groupBy(own, ({ content }) => `${pathOf(id)} ${JSON.stringify(content)}`);
  return Object.fromEntries([...counts].map(([what, all]) => [what, all.length]));
}

/** From now on whoever replaces the file of the place stands still before that, until `letGo`. */
export async function hold(host: Host, id: string): Promise<void> {
  await host.mustRun(`mkfifo ${holds}/hf-${id}`);
}

/** Lets go of who is held; nobody is held any more. */
export async function letGo(host: Host, id: string): Promise<void> {
  const at = `${holds}/hf-${id}`;
  await host.mustRun(`mv ${at} ${at}.gone && exec 3<>${at}.gone && exec 3>&- && rm ${at}.gone`);
}

/** What looks and runs of Ansible have left there, each as a line: a host has no other Python. */
export async function leftOn(host: Pick<Host, 'name' | 'mustRun'>): Promise<string[]> {
  const folders = '/etc /tmp /home/holdfast/.ansible/tmp /root/.ansible/tmp';
  const looks = [
    `pgrep -af '^timeout -k 5 .* holdfast'`,
    `pgrep -a '^python3'`,
    `find ${folders} -maxdepth 1 '(' -name '.holdfast-*' -o -name 'ansible[-_]*' ')' 2>/dev/null`,
  ];
  const found = await host.mustRun(`${looks.join('; ')}; true`);
  return found
    .split('\n')
    .filter(Boolean)
    .map((line) => `${host.name}: ${line}`);
}
