/** Hosts, groups and variables of connections as `kubectl holdfast import inventory` reads them, compared with what the real Ansible prints of the same files. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as consumers from 'node:stream/consumers';
import { promisify } from 'node:util';
import { Failure } from '../../operator/cli/command.ts';
import { connectionOf } from '../../operator/cli/import/inventory/connection.ts';
import { variablesOf } from '../../operator/cli/import/inventory/hostVars.ts';
import { expandedPattern } from '../../operator/cli/import/inventory/hostPattern.ts';
import { literal } from '../../operator/cli/import/inventory/pythonLiteral.ts';
import { shlexSplit } from '../../operator/cli/import/inventory/shlex.ts';
import { readInventory } from '../../operator/cli/import/inventory/sources.ts';
import { NotRead, Unread } from '../../operator/cli/import/inventory/values.ts';
import { processIo } from '../../operator/cli/processIo.ts';
import { ansibleBin } from './ansibleBed.ts';
import { texts } from './inventoryTexts.ts';
import { inventories, type InventoryCase } from './inventories.ts';

type Hosts = Record<string, { readonly groups: readonly string[]; readonly vars: Record<string, unknown> }>;

let program: string;
let folder: string;

beforeAll(async () => {
  program = join(await ansibleBin(), 'ansible-inventory');
  folder = await mkdtemp(join(tmpdir(), 'holdfast-inventories-'));
}, 300_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

/** The paths of its sources. */
async function written(name: string, { files, sources = ['hosts'] }: InventoryCase): Promise<string[]> {
  const home = join(folder, String(Object.keys(inventories).indexOf(name)));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(home, dirname(path)), { recursive: true });
    await writeFile(join(home, path), text);
  }
  return sources.map((source) => join(home, source));
}

interface Listed {
  readonly _meta: { readonly hostvars: Record<string, Record<string, unknown>> };
  readonly [group: string]: { readonly hosts?: readonly string[]; readonly children?: readonly string[] } & object;
}

/** Undefined where Ansible cannot read one of the sources. */
async function byAnsible(paths: readonly string[]): Promise<string | undefined> {
  const environment = { PATH: process.env['PATH'], HOME: folder, ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED: '1' };
  const args = [...paths.flatMap((path) => ['-i', path]), '--list'];
  const options = { cwd: folder, env: { ...environment, LC_ALL: 'C.UTF-8' }, maxBuffer: 2 ** 26 };
  return promisify(execFile)(program, args, options).then(
    ({ stdout }) => stdout,
    () => undefined,
  );
}

function hostsIn(text: string): Hosts {
  const listed = JSON.parse(text) as Listed;
  const groups: Record<string, Set<string>> = {};
  const visit = (name: string, above: readonly string[]): void => {
    const all = [...above, name];
    for (const host of listed[name]?.hosts ?? []) for (const group of all) (groups[host] ??= new Set()).add(group);
    for (const child of listed[name]?.children ?? []) visit(child, all);
  };
  visit('all', []);
  const { hostvars } = listed._meta;
  const entries = Object.entries(groups).map(([host, all]) => {
    const vars = Object.entries(hostvars[host] ?? {}).filter(([key]) => key.startsWith('ansible_'));
    return [host, { groups: [...all].sort(), vars: Object.fromEntries(vars) }] as const;
  });
  return Object.fromEntries(entries);
}

async function byUs(paths: readonly string[]): Promise<Hosts> {
  const read = await readInventory(paths, processIo());
  const entries = [...read.inventory.hosts.values()].map((host) => {
    const variables = variablesOf(host, read);
    const vars = variables.names().map((name) => [name, variables.get(name) ?? null] as const);
    const groups = [...host.groups].map(({ name }) => name).sort();
    return [host.name, { groups, vars: Object.fromEntries(vars) }] as const;
  });
  return Object.fromEntries(entries);
}

/** What we do not read, whatever it is. */
function known(theirs: Hosts, ours: Hosts): Hosts {
  const entries = Object.entries(theirs).map(([host, { groups, vars }]) => {
    const own = ours[host]?.vars ?? {};
    const kept = Object.entries(vars).map(([key, value]) => [key, own[key] instanceof Unread ? own[key] : value]);
    return [host, { groups, vars: Object.fromEntries(kept) as Record<string, unknown> }] as const;
  });
  return Object.fromEntries(entries);
}

test.each(Object.entries(inventories))('%s', async (name, one) => {
  const paths = await written(name, one);
  const theirs = await byAnsible(paths);
  expect(theirs === undefined).toBe(one.isRefused ?? false);
  if (theirs === undefined) return expect(await importable(paths)).toEqual([]);
  if (one.isNotTried !== undefined) return expect(byUs(paths)).rejects.toThrow(one.isNotTried);
  const ours = await byUs(paths);
  expect(ours).toEqual(known(hostsIn(theirs), ours));
  // What it prints is an inventory as well, and the same one.
  const printed = join(dirname(paths[0]!), 'listed.json');
  await writeFile(printed, theirs);
  const again = await readInventory([printed], processIo());
  expect([...again.inventory.hosts.keys()].sort()).toEqual(Object.keys(ours).sort());
});

test('links to directories are followed, a pipe without end is not read', async () => {
  const home = join(folder, 'links');
  await mkdir(join(home, 'shared'), { recursive: true });
  await mkdir(join(home, 'inv'));
  await writeFile(join(home, 'shared/web.yml'), 'ansible_user: shared\n');
  await writeFile(join(home, 'inv/hosts'), '[web]\nweb1\n');
  await symlink('../shared', join(home, 'inv/group_vars'));
  const paths = [join(home, 'inv')];
  const ours = await byUs(paths);
  expect(ours['web1']?.vars).toEqual({ ansible_user: 'shared' });
  expect(ours).toEqual(hostsIn((await byAnsible(paths)) ?? ''));
  await promisify(execFile)('mkfifo', [join(home, 'inv/pipe')]);
  await expect(byUs(paths)).rejects.toThrow('inv/pipe is neither a file nor a directory; remove it.');
});

test('values, words and ranges that nobody wrote are read as Python and Ansible read them, or not at all', async () => {
  const python = execFile(join(dirname(program), 'python'), [join(import.meta.dirname, 'inventoryWords.py')], {
    maxBuffer: 2 ** 28,
  });
  python.stdin?.end(JSON.stringify(texts));
  const theirs = JSON.parse(await consumers.text(python.stdout!)) as Record<keyof typeof texts, unknown[]>;
  const ours: Record<keyof typeof texts, (readonly unknown[] | undefined)[]> = {
    literal: texts.literal.map((text) => unlessNotRead(() => [literal(text)])),
    words: texts.words.map((text) => unlessNotRead(() => shlexSplit(text))),
    pattern: texts.pattern.map((text) =>
      unlessNotRead(() => {
        const { names, port } = expandedPattern(text);
        return [names, port ?? null];
      }),
    ),
  };
  for (const kind of ['literal', 'words', 'pattern'] as const) {
    const isNotRead = (at: number) => ours[kind][at] === undefined || ours[kind][at]?.[0] instanceof Unread;
    const wrong = texts[kind].filter(
      (_, at) => !isNotRead(at) && JSON.stringify(ours[kind][at]) !== JSON.stringify(theirs[kind][at]),
    );
    expect(wrong).toEqual([]);
    expect(texts[kind].filter((_, at) => isNotRead(at) && theirs[kind][at] !== null).length).toBeLessThan(500);
  }
}, 60_000);

function unlessNotRead<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof NotRead) return undefined;
    throw error;
  }
}

/** The hosts that would become Devices; none where the inventory cannot be read. */
async function importable(paths: readonly string[]): Promise<string[]> {
  try {
    const read = await readInventory(paths, processIo());
    const defaults = { user: 'holdfast', become: undefined };
    return [...read.inventory.hosts.values()]
      .filter((host) => connectionOf(host.name, variablesOf(host, read), defaults).is === 'connection')
      .map(({ name }) => name);
  } catch (error) {
    if (error instanceof Failure) return [];
    throw error;
  }
}
