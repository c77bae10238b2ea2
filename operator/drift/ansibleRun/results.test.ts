import { expect, test } from '@jest/globals';
import { resultsOf, type Ended } from './results.ts';

const nothing: Ended = { is: 'finished', exitCode: 0, hosts: [] };
const cases: [what: string, ended: Ended, message: RegExp][] = [
  ['none of its plays was for it', nothing, /^no task was executed on this host: .*`hosts: all`$/],
  ['Ansible failed without a word', { ...nothing, exitCode: 250 }, /^Ansible reported nothing about this host$/],
  ['Ansible said why', { ...nothing, message: 'no such role' }, /^no such role$/],
];

test.each(cases)('a host of which nothing was told is Unknown, where %s', (_, ended, message) => {
  const { hosts } = resultsOf({
    work: { hosts: [], blocks: [] },
    names: ['web-01'],
    ended,
    verify: () => undefined,
  });
  expect(hosts).toEqual([{ name: 'web-01', outcome: 'Unknown', message: expect.stringMatching(message) }]);
});
