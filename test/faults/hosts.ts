/** Etcd is put back, and the clock jumps, while real Ansible corrects real hosts. */
import type { Fault } from './faults.ts';
import { runTests } from './tests.ts';

const files = ['test/faults/hosts/restore.test.ts', 'test/faults/hosts/clockJump.test.ts'];

export const hosts: Fault = async (say, signal) => {
  const tests = await runTests(files, ['faults'], signal);
  for (const { file, name, passed } of tests) say(`${passed ? 'as without it' : 'FAILED'}  ${file}: ${name}`);
  const failed = tests.filter(({ passed }) => !passed);
  return {
    count: tests.length,
    lines: [`${tests.length} faults with hosts, ${failed.length} failed`],
    problems: failed.map(({ file, name, failure }) => `${file}: ${name}\n${failure}`),
  };
};
