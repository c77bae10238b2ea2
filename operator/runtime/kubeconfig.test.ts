import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ManualClock } from '../../test/wire/manualClock.ts';
import type { Connection } from './apiserver.ts';
import { connect } from './connection.ts';

let folder: string;
const clock = new ManualClock();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Parts {
  cluster?: object;
  user?: object;
  context?: string;
}

async function read({ cluster = {}, user = {}, context = 'main' }: Parts, wanted?: string): Promise<Connection> {
  const config = {
    'current-context': context,
    contexts: [{ name: 'main', context: { cluster: 'c', user: 'u', namespace: 'team-a' } }],
    clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:6443', ...cluster } }],
    users: [{ name: 'u', user }],
  };
  const kubeconfig = join(folder, 'config');
  await writeFile(kubeconfig, JSON.stringify(config));
  return connect({ clock, environment: {}, kubeconfig, context: wanted });
}

describe('a kubeconfig', () => {
  test('with certificates inside or in files beside it is read', async () => {
    await writeFile(join(folder, 'client.key'), 'KEY');
    const connection = await read({
      cluster: { 'certificate-authority-data': Buffer.from('CA').toString('base64'), 'tls-server-name': 'kubernetes' },
      user: { 'client-certificate-data': Buffer.from('CERT').toString('base64'), 'client-key': 'client.key' },
    });
    expect(connection).toMatchObject({
      server: 'https://127.0.0.1:6443',
      ca: 'CA',
      cert: 'CERT',
      key: 'KEY',
      serverName: 'kubernetes',
      namespace: 'team-a',
    });
    expect(connection.token).toBeUndefined();
  });

  test('with empty data beside a file has the file', async () => {
    await writeFile(join(folder, 'client.crt'), 'CERT');
    const user = { 'client-certificate-data': '', 'client-certificate': 'client.crt', 'client-key-data': '' };
    expect(await read({ user })).toMatchObject({ cert: 'CERT' });
  });

  describe('of several files', () => {
    const config = (name: string, server: string, more: object = {}) => ({
      'current-context': name,
      contexts: [{ name, context: { cluster: 'same', user: 'same', namespace: name } }],
      clusters: [{ name: 'same', cluster: { server } }],
      users: [{ name: 'same', user: { tokenFile: 'token' } }],
      ...more,
    });
    const first = config('first', 'https://one');
    const second = config('second', 'https://two');
    let list: string;
    beforeAll(async () => {
      const folders = ['1', '2'].map((name) => join(folder, name));
      for (const [index, text] of [first, second].entries()) {
        await mkdir(folders[index]!);
        await writeFile(join(folders[index]!, 'config'), JSON.stringify(text));
        await writeFile(join(folders[index]!, 'token'), `token ${index + 1}`);
      }
      list = folders.map((path) => join(path, 'config')).join(delimiter);
    });
    const seen = async (kubeconfig: string, context?: string) => {
      const { server, namespace, token } = await connect({ clock, environment: {}, kubeconfig, context });
      return [server, namespace, await token?.()];
    };

    // kubernetes-client/javascript#579, fabric8io/kubernetes-client#6787
    test('has the current context, and what has one name, of the first, as kubectl has', async () => {
      expect(await seen(list)).toEqual(['https://one', 'first', 'token 1']);
      expect(await seen(list, 'second')).toEqual(['https://one', 'second', 'token 1']);
    });

    // kubernetes/kubernetes#77826
    test('is read without those that are missing or empty', async () => {
      await writeFile(join(folder, 'empty'), '');
      const others = [join(folder, 'missing'), '', join(folder, 'empty')];
      expect(await seen([...others, list].join(delimiter))).toEqual(['https://one', 'first', 'token 1']);
      const missing = ['a', 'b'].map((name) => join(folder, 'missing', name)).join(delimiter);
      await expect(seen(missing)).rejects.toThrow('is there; set KUBECONFIG to one that is');
    });
  });

  test('of two files, one of which has a user who impersonates another, is refused with a sentence', async () => {
    const [one, two] = [join(folder, 'one'), join(folder, 'two')];
    const clusters = [{ name: 'main', cluster: { server: 'https://127.0.0.1:6443' } }];
    const contexts = [{ name: 'main', context: { cluster: 'main', user: 'main' } }];
    await writeFile(one, JSON.stringify({ clusters, contexts, 'current-context': 'main' }));
    await writeFile(two, JSON.stringify({ users: [{ name: 'main', user: { token: 'a', as: 'b' } }] }));
    process.env['KUBECONFIG'] = `${one}:${two}`;
    await expect(connect({ clock, environment: process.env })).rejects.toThrow('impersonates another (`as`)');
    delete process.env['KUBECONFIG'];
  });

  test('with a token gives it, and reads a token file again after a minute', async () => {
    expect(await (await read({ user: { token: 'abc' } })).token?.()).toBe('abc');
    await writeFile(join(folder, 'token'), 'first\n');
    const { token } = await read({ user: { tokenFile: 'token' } });
    expect(await token?.()).toBe('first');
    await writeFile(join(folder, 'token'), 'second\n');
    expect(await token?.()).toBe('first');
    await clock.advance(60_001);
    expect(await token?.()).toBe('second');
  });

  test('that asks a program for the token has it', async () => {
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 'from-program' },
    };
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'echo',
      args: [JSON.stringify(credential)],
      interactiveMode: 'Never',
    };
    const connection = await read({ user: { exec } });
    expect(connection).toMatchObject({ server: 'https://127.0.0.1:6443', namespace: 'team-a' });
    expect(await connection.token?.()).toBe('from-program');
  });

  test('that asks a program in a folder beside it', async () => {
    await mkdir(join(folder, 'bin'));
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 'a' },
    };
    await writeFile(join(folder, 'bin', 'ask'), `#!/bin/sh\necho '${JSON.stringify(credential)}'\n`);
    await chmod(join(folder, 'bin', 'ask'), 0o700);
    const exec = { apiVersion: credential.apiVersion, command: './bin/ask', interactiveMode: 'Never' };
    expect(await (await read({ user: { exec } })).token?.()).toBe('a');
  });

  // kube-rs/kube#1328, kubernetes-client/javascript#2044
  test('that asks a program tells it which cluster it is for, and asks again when the answer expires', async () => {
    const program = `
      const { spec } = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
      const expirationTimestamp = new Date(Date.now() + 1e5).toISOString();
      const token = [spec.cluster?.server, JSON.stringify(spec.cluster?.config), process.env.MINE, process.pid].join(' ');
      console.log(JSON.stringify({ kind: 'ExecCredential', status: { token, expirationTimestamp } }));`;
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: process.execPath,
      args: ['--eval', program],
      env: [{ name: 'MINE', value: 'mine' }],
      provideClusterInfo: true,
    };
    const extensions = [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'a' } }];
    const { token } = await read({ cluster: { extensions }, user: { exec } });
    const first = await token?.();
    expect(first).toMatch(/^https:\/\/127.0.0.1:6443 {"audience":"a"} mine \d+$/);
    expect(await token?.()).toBe(first);
    await clock.advance(Date.now() + 2e5 - clock.now().getTime());
    expect(await token?.()).not.toBe(first);
  });

  test.each([
    ['none', { command: 'holdfast-none', installHint: 'Get it from example.com.\n' }, 'is not installed: Get it from'],
    ['none', { command: 'holdfast-none' }, 'is not installed; install it, or use another context'],
    ['one that fails', { command: 'false' }, 'failed (1); run it to see why'],
    ['one that gives nothing', { command: 'true' }, 'gave none'],
    ['one that needs a terminal', { command: 'true', interactiveMode: 'Always' }, 'needs a terminal'],
  ])('that asks a program for the token, and there is %s: %j', async (_what, exec, message) => {
    await expect(read({ user: { exec } })).rejects.toThrow(message);
  });

  test.each<[string, Parts, string | undefined, string]>([
    ['without the context wanted', {}, 'other', "has no context 'other'; it has: main"],
    ['without a current context', { context: 'gone' }, undefined, "has no context 'gone'"],
    [
      'that turns off the check of the certificate',
      { cluster: { 'insecure-skip-tls-verify': true } },
      undefined,
      'set its certificate-authority instead',
    ],
    ['without TLS', { cluster: { server: 'http://127.0.0.1:8080' } }, undefined, 'over TLS only'],
    // kubernetes-client/javascript#2355, fabric8io/kubernetes-client#7951
    ['of a user who impersonates another', { user: { token: 'a', as: 'b' } }, undefined, 'impersonates another (`as`)'],
    [
      'of a user in groups of others',
      { user: { token: 'a', 'as-groups': ['b'] } },
      undefined,
      'choose a context of another user',
    ],
    ['behind a proxy', { cluster: { 'proxy-url': 'http://proxy' } }, undefined, 'has a proxy-url'],
  ])('%s is refused with a sentence', async (_what, parts, wanted, message) => {
    await expect(read(parts, wanted)).rejects.toThrow(message);
  });

  test('that is not there or is none is refused with a sentence', async () => {
    await expect(connect({ clock, environment: { KUBECONFIG: join(folder, 'none') } })).rejects.toThrow(
      'cannot be read; set KUBECONFIG',
    );
    await writeFile(join(folder, 'text'), 'just text');
    await expect(connect({ clock, environment: { KUBECONFIG: join(folder, 'text') } })).rejects.toThrow(
      'is not a kubeconfig',
    );
  });
});
