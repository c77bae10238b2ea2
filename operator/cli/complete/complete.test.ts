/** What a shell is answered. */
import { describe, expect, test } from '@jest/globals';
import { ioWith } from '../../../test/builders/io.ts';
import type { Cluster, Io } from '../command.ts';
import { commands } from '../commands.ts';
import { completionOf } from './candidates.ts';
import { runComplete } from './index.ts';

const offered = (...words: string[]) => completionOf(words, commands).candidates.map(({ value }) => value);

test.each<[string[], string[]]>([
  [['stat'], ['status']],
  [['wh'], ['why']],
  [
    ['rollout', 're'],
    ['resume', 'retry'],
  ],
  [
    ['evidence', ''],
    ['export', 'verify'],
  ],
  [['__'], []],
  [['nonsense', ''], []],
  [['-'], ['--help', '--color']],
  [['status', '--out'], ['--output']],
  [
    ['status', '-o', ''],
    ['wide', 'json', 'yaml', 'name'],
  ],
  [['status', '-o', 'j'], ['json']],
  [['status', '--output', 'y'], ['yaml']],
  [['status', '--output=y'], ['--output=yaml']],
  [['status', '--color=n'], ['--color=never']],
  [['status', '--no-such=n'], []],
  [['status', '--__proto__=n'], []],
  [
    ['suspend', 'd'],
    ['device/', 'devicebaseline/'],
  ],
  [
    ['approve', ''],
    ['policywaiver/', 'canaryrollout/'],
  ],
  [
    ['tree', 'd'],
    ['device/', 'devicebaseline/'],
  ],
  [['completion', 'z'], ['zsh']],
  [['completion', 'zsh', ''], []],
])('%j may become %j', (words, values) => expect(offered(...words)).toEqual(values));

test('a flag that was given is not offered again, unless it may be repeated', () => {
  expect(offered('check', '--host', 'web-01', '--local', '-f', 'x', '--')).not.toContain('--local');
  expect(offered('check', '--host', 'web-01', '--local', '-f', 'x', '--')).not.toContain('--filename');
  expect(offered('check', '--host', 'web-01', '--local', '-f', 'x', '--')).toContain('--host');
});

test.each<[string[], object]>([
  [['scan', ''], [{ of: { kind: 'Device' }, before: '' }]],
  [['scan', 'web-01', ''], [{ of: { kind: 'Device' }, before: '' }]],
  [['why', 'web-01', ''], []],
  [
    ['why', 'clusterbaseline/h'],
    [{ of: { kind: 'ClusterBaseline', prefix: 'clusterbaseline/' }, before: 'clusterbaseline/' }],
  ],
  [['suspend', ''], []],
  [['status', '-n', ''], [{ of: 'Namespace', before: '' }]],
  [['status', '--context=k'], [{ of: 'context', before: '--context=' }]],
])('%j has names read of %j', (words, names) => expect(completionOf(words, commands).names).toEqual(names));

test('names are read where the command line says, and files are for the shell to know', () => {
  const { place } = completionOf(['scan', '-n', 'fleet', '--context=prod', '--kubeconfig', 'k', ''], commands);
  expect(place).toEqual({ namespace: 'fleet', where: { context: 'prod', kubeconfig: 'k' } });
  expect(completionOf(['check', '-f', ''], commands).isFile).toBe(true);
  expect(completionOf(['check', ''], commands).isFile).toBe(false);
  expect(completionOf(['import', 'ocm', ''], commands).isFile).toBe(true);
});

function ioOf(names: readonly string[], list?: () => Promise<never>): ReturnType<typeof ioWith> {
  const page = { items: names.map((name) => ({ metadata: { name } })), resourceVersion: '', continue: '' };
  const client = { list: list ?? (() => Promise.resolve(page)) };
  const cluster = { client, namespace: 'fleet', close: () => Promise.resolve() } as unknown as Cluster;
  const io = ioWith({ kubeconfig: 'contexts: [{name: prod}, {name: "a:b"}, {name: "x\\ny"}, {name: 7}]' });
  return Object.assign(io, { cluster: () => Promise.resolve(cluster) });
}

async function answer(io: Io & { readonly out: string }, words: readonly string[], milliseconds?: number) {
  const before = io.out;
  expect(await runComplete(words, io, milliseconds)).toBe(0);
  return io.out.slice(before.length);
}

describe('names of objects', () => {
  test('begin with the word, and are sorted', async () => {
    expect(await answer(ioOf(['web-02', 'db-01', 'web-01']), ['scan', 'web'])).toBe('web-01\nweb-02\n:4\n');
    expect(await answer(ioOf(['web-01']), ['suspend', 'device/w'])).toBe('device/web-01\n:4\n');
  });

  test('of contexts are those of the kubeconfig; what would be two lines is none', async () => {
    expect(await answer(ioOf([]), ['status', '--kubeconfig', 'kubeconfig', '--context', ''])).toBe('a:b\nprod\n:4\n');
  });

  // https://github.com/kubernetes/kubectl/issues/1247: a cluster that does not respond made a shell wait.
  test('of a cluster that does not respond are none, in time', async () => {
    expect(
      await answer(
        ioOf([], () => new Promise(() => undefined)),
        ['scan', ''],
        20,
      ),
    ).toBe(':4\n');
  });

  // https://github.com/ohmybash/oh-my-bash/issues/679: the error of a login was printed into the command line.
  test.each([
    ['a kubeconfig that there is none of', ioWith({})],
    ['an apiserver that refuses', ioOf([], () => Promise.reject(new Error('403')))],
  ])('with %s are none, and nothing is said', async (_, io) => {
    expect(await answer(io, ['scan', ''])).toBe(':4\n');
    expect(io.err).toBe('');
  });

  test('of a large fleet are a thousand', async () => {
    const names = Array.from({ length: 3000 }, (_, at) => `web-${at}`);
    expect((await answer(ioOf(names), ['scan', ''])).split('\n')).toHaveLength(1002);
  });
});
