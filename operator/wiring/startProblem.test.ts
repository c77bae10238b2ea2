import { describe, expect, test } from '@jest/globals';
import { readOptions } from './options.ts';
import { startProblem } from './startProblem.ts';

const errno = (code: string, path?: string): Error => Object.assign(new Error(`${code}: something`), { code, path });

test.each<[unknown, string]>([
  [
    errno('EADDRINUSE'),
    'the address of --listen is in use; stop the process that listens there, or choose another port',
  ],
  [errno('ENOENT', '/etc/key'), '/etc/key does not exist; create it, or choose another'],
  [errno('EACCES', '/var/lib/x'), 'permission denied: /var/lib/x; choose another, or grant this account access to it'],
  [new Error('The kubeconfig x cannot be read; set KUBECONFIG.'), 'the kubeconfig x cannot be read; set KUBECONFIG'],
  ['odd', 'odd'],
])('%p is one sentence', (error, sentence) => {
  expect(startProblem(error)).toBe(sentence);
});

describe('a wrong flag is one sentence', () => {
  test.each([
    [['--kubeconfg', 'x'], "unknown option '--kubeconfg'; see --help"],
    [['--lease'], "option '--lease <value>' argument missing; see --help"],
    [['extra'], "unexpected argument 'extra'; see --help"],
    [['--listen', 'x'], '--listen must have the form host:port'],
    [['--listen', ':99999'], '--listen must have a port up to 65535'],
    [['--lease', 'holdfast'], '--lease must have the form namespace/name'],
    [['--digest-key-secret', 'a/b/c'], '--digest-key-secret must have the form [namespace/]name'],
    [['--digest-key-secret', '/key'], '--digest-key-secret must have the form [namespace/]name'],
    [['--max-connections', '0'], '--max-connections must be an integer of at least 1'],
    [['--log-level', 'loud'], '--log-level must be one of debug, info, warn, error, silent'],
  ])('%p', (args, sentence) => {
    let thrown: unknown;
    try {
      readOptions(args);
    } catch (error) {
      thrown = error;
    }
    expect(startProblem(thrown)).toMatch(new RegExp(`^${sentence.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')}`));
  });
});
