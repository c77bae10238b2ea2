/**
 * A process that starts a run of Ansible and is killed on the way, as an operator is by the kernel: before or after the n-th thing that
 * it does to files and processes. Arguments: a JSON file with `{folder, python, id, request}`, and n; 0 lets it live.
 */
import childProcess from 'node:child_process';
import { readFileSync } from 'node:fs';
import files from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import type { AnsibleRequest } from '../../operator/connect/ansible/types.ts';

const [input = '', fatal = ''] = process.argv.slice(2);
const { folder, python, id, request } = JSON.parse(readFileSync(input, 'utf8')) as {
  folder: string;
  python: string;
  id: string;
  request: AnsibleRequest;
};

let done = 0;
function step(name: string): void {
  done += 1;
  if (fatal === name || fatal === `${done}`) process.kill(process.pid, 'SIGKILL');
}

type Called = (...given: unknown[]) => unknown;
function deadly(holder: Record<string, unknown>, name: string): void {
  const real = holder[name] as Called;
  holder[name] = (...given: unknown[]): unknown => {
    step('');
    const outcome = real(...given);
    if (!(outcome instanceof Promise)) {
      step('spawned');
      return outcome;
    }
    return outcome.finally(() => step(''));
  };
}

for (const name of ['access', 'link', 'mkdir', 'open', 'readFile', 'rename', 'rm', 'writeFile']) {
  deadly(files, name);
}
deadly(childProcess, 'spawn');
syncBuiltinESMExports();

const { openLocalAnsible } = await import('../../operator/connect/ansible/local.ts');
await openLocalAnsible({ folder, python }).start(id, request, {
  namespace: 'fleet',
  name: id,
  devices: ['web-01'],
  status: {},
});
step('started');
