import { describe, expect, test } from '@jest/globals';
import { ioWith } from '../../../../test/builders/io.ts';
import { commands } from '../../commands.ts';
import { dispatch } from '../../dispatch.ts';
import { readYaml } from '../../yaml.ts';

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICeXyE9e7vDMsF6QbDVxn1WgDjn5GcWGdh644sjaEtIu';

interface Made {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Record<string, string> };
  readonly spec: { readonly ssh: Record<string, unknown> };
}

/** The inventory is a directory `inv`; every host has one key. */
async function run(files: Record<string, string>, args = '', operand = 'inv') {
  const all = Object.fromEntries(Object.entries(files).map(([path, text]) => [`inv/${path}`, text]));
  const io = ioWith({ ...all, 'known/hosts': `* ${key}\n` }, files['-']);
  const given = `import inventory ${operand} --credentials-secret fleet-ssh --known-hosts known/hosts ${args}`;
  const code = await dispatch(given.split(' ').filter(Boolean), commands, io);
  const made = readYaml(io.out || '', 'out') as Made[];
  return {
    code,
    io,
    out: io.out,
    err: io.err.replace(/\s+/g, ' '),
    made,
    names: made.map(({ metadata }) => metadata.name),
  };
}

test('a host becomes a Device with its groups as labels', async () => {
  const { code, err, made } = await run(
    {
      hosts:
        '[web_prod]\nweb-01 ansible_host=192.0.2.1 ansible_port=2222\n[prod:children]\nweb_prod\n[prod:vars]\nansible_user=deploy\nansible_become=true\n',
    },
    '-n fleet --label os=rhel9',
  );
  expect({ code, err }).toEqual({ code: 0, err: '1 Device, 0 not translated. ' });
  expect(made).toEqual([
    {
      apiVersion: 'holdfast.dev/v1alpha1',
      kind: 'Device',
      metadata: {
        name: 'web-01',
        namespace: 'fleet',
        labels: { 'inventory.holdfast.dev/prod': '', 'inventory.holdfast.dev/web_prod': '', os: 'rhel9' },
      },
      spec: {
        ssh: {
          ...{ host: '192.0.2.1', port: 2222, user: 'deploy', become: 'sudo' },
          ...{ hostKeys: [key], credentialsRef: { name: 'fleet-ssh' } },
        },
      },
    },
  ]);
});

test('names are made lawful; two hosts never share one', async () => {
  const { code, err, names } = await run(
    { hosts: 'WEB_1.Example.com\nweb_2\nWeb-2\n-\n[2001:db8::1]:22\n' },
    '--user root',
  );
  expect(code).toBe(2);
  expect(names).toEqual(['web-1.example.com', '2001-db8-1']);
  expect(err).toContain(
    'web_2, Web-2: its name as a Device would be that of several (web_2, Web-2); rename all but one',
  );
});

test('labels are lawful; two groups never share one', async () => {
  const { made, err } = await run(
    {
      'hosts.yml': `{"web@1": {hosts: h}, "web 1": {hosts: h}, _x_: {hosts: h}, "${'g'.repeat(64)}": {hosts: h}, Good.one: {hosts: h}}`,
    },
    '--user root',
  );
  expect(Object.keys(made[0]?.metadata.labels ?? {})).toEqual([
    'inventory.holdfast.dev/Good.one',
    'inventory.holdfast.dev/x',
  ]);
  expect(err).toContain('group web@1 becomes no label: its label would be that of several (web@1, web 1)');
  expect(err).toContain(`group ${'g'.repeat(64)} becomes no label: no lawful name`);
});

describe('secrets never leave the files', () => {
  const secret = 'S3cret!pass';
  test.each<{ name: string; files: Record<string, string> }>([
    {
      name: 'in the line of a host',
      files: { hosts: `web1 ansible_user=root ansible_password='${secret}' ansible_become_pass=${secret}\n` },
    },
    { name: 'with a blank and no quotes', files: { hosts: `web1 ansible_password=my ${secret}\n` } },
    { name: 'with a quotation mark', files: { hosts: `web1 ansible_password="${secret}\n` } },
    {
      name: 'in the wrong section',
      files: { hosts: `[web]\nweb1\nansible_password=${secret}\nansible_user=x=${secret}:22\n` },
    },
    { name: 'in the name of a range', files: { hosts: `ansible_password=${secret}[1:]\n` } },
    { name: 'in broken YAML', files: { 'hosts.yml': `all:\n  vars:\n    ansible_password: "${secret}\n  hosts:\n` } },
    { name: 'in broken variables', files: { hosts: 'web1\n', 'group_vars/all.yml': `ansible_password: '${secret}\n` } },
    {
      name: 'as a list of variables',
      files: { hosts: 'web1\n', 'host_vars/web1.yml': `- ansible_password: ${secret}\n` },
    },
    { name: 'in a variable without a value', files: { hosts: `[all:vars]\nansible_password ${secret}\n` } },
    { name: 'as a key of a host', files: { 'hosts.yml': `all: {hosts: {web1: ${secret}}}` } },
    { name: 'in a template', files: { hosts: `web1 ansible_user="{{ '${secret}' }}"\n` } },
  ])('$name', async ({ files }) => {
    const { out, io } = await run(files, '--user root');
    expect(`${out}${io.err}`).not.toContain(secret);
  });
});

describe('what is not read is refused, with the next step', () => {
  test.each<{ files: Record<string, string>; why: string }>([
    {
      files: { 'aws.yml': 'plugin: amazon.aws.aws_ec2\n' },
      why: 'run `ansible-inventory -i inv/aws.yml --list > hosts.json`',
    },
    { files: { 'inventory.py': '#!/usr/bin/env python3\nprint()\n' }, why: 'it is a program, a dynamic inventory' },
    { files: { 'hosts.toml': '[web.hosts]\n' }, why: 'TOML is not read' },
    { files: { hosts: '$ANSIBLE_VAULT;1.1;AES256\n00\n' }, why: 'it is encrypted by ansible-vault' },
    { files: { hosts: 'web[1:999999999]\n' }, why: 'a range has more than 100000 hosts' },
    { files: { hosts: 'web[0:999][0:999]\n' }, why: 'a range has more than 100000 hosts' },
    { files: { hosts: '[web]\n' }, why: 'the inventory has no hosts' },
    {
      files: { hosts: Array.from({ length: 20_000 }, (_, at) => `[g${at}:children]\ng${at + 1}\n`).join('') },
      why: 'groups are more than 100 deep',
    },
    {
      files: { 'hosts.json': '{"a\\u001b[31m": {"children": {"a\\u001b[31m": {}}}}' },
      why: 'group a [31m is a child of itself',
    },
    { files: { hosts: `[all:vars]\nx=${'{{'.repeat(50_000)}\n[a:b]\n` }, why: 'section [a:b] is neither' },
    { files: { 'site.yml': '- hosts: all\n' }, why: 'it is YAML, but no dictionary of groups' },
    {
      files: {
        'hosts.yml': `a: &a {x: 1}\n${[...'bcdefghijk'].map((one, at) => `${one}: &${one} {${[...'0123456789'].map((n) => `n${n}: *${'abcdefghij'[at]}`).join(', ')}}\n`).join('')}`,
      },
      why: 'when its aliases are expanded',
    },
    { files: { 'hosts.yml': `${'{a: '.repeat(200)}1${'}'.repeat(200)}` }, why: 'inv/hosts.yml:' },
    { files: { hosts: `${'['.repeat(3000)}\n` }, why: 'inv/hosts: line 1:' },
  ])('$why', async ({ files, why }) => {
    const { code, out, err } = await run(files);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(why);
  });

  test('an encrypted file of variables leaves its hosts out, until people say what it is about', async () => {
    const files = { hosts: '[web]\nweb1\n[db]\ndb1\n', 'group_vars/web/vault.yml': '$ANSIBLE_VAULT;1.1;AES256\n00\n' };
    const { code, err, names } = await run(files, '--user root');
    expect({ code, names }).toEqual({ code: 2, names: ['db1'] });
    expect(err).toContain('web1: its variables are perhaps set in inv/group_vars/web/vault.yml');
    const told = await run(files, '--user root --ignore-encrypted-files');
    expect({ code: told.code, names: told.names }).toEqual({ code: 0, names: ['web1', 'db1'] });
    expect(told.err).toContain('inv/group_vars/web/vault.yml is ignored');
  });
});

test('what ansible-inventory --list prints is read from standard input', async () => {
  const list = {
    _meta: {
      hostvars: {
        web1: { ansible_user: 'root', ansible_password: { __ansible_vault: 'x' } },
        db1: { ansible_user: 'root' },
      },
    },
    all: { children: ['ungrouped', 'web'] },
    ungrouped: { hosts: ['db1'] },
    web: { hosts: ['web1'] },
  };
  const { code, made, names } = await run({ '-': JSON.stringify(list) }, '', '-');
  expect({ code, names }).toEqual({ code: 0, names: ['db1', 'web1'] });
  expect(made[1]?.metadata.labels).toEqual({ 'inventory.holdfast.dev/web': '' });
});

test('20,000 hosts that share variables by an alias are read', async () => {
  const hosts = Array.from({ length: 20_000 }, (_, at) => `    web${at}: {<<: *common, ansible_port: 2222}\n`);
  const { code, io } = await run(
    { 'hosts.yml': `all:\n  hosts:\n    web: &common {ansible_user: deploy, ansible_become: yes}\n${hosts.join('')}` },
    '-o devices.yaml',
  );
  expect({ code, err: io.err }).toEqual({ code: 0, err: '20001 Devices, 0 not translated.\n' });
});

test('a private key in the inventory is not shown', async () => {
  const { io, out } = await run({
    'hosts.yml':
      'all: {hosts: {web: {ansible_user: root, ansible_private_key_file: "-----BEGIN OPENSSH PRIVATE KEY-----\\nabc"}}}',
  });
  expect(`${out}${io.err}`).not.toContain('abc');
  expect(io.err).toContain('ansible_private_key_file is not the path of a file');
});

test('hashed names that take too long are refused', async () => {
  const line = `|1|${'A'.repeat(27)}=|${'A'.repeat(27)}= ${key}\n`;
  const io = ioWith({ 'inv/hosts': 'web[00001:50000] ansible_user=root\n', 'known/hosts': line.repeat(500) });
  const args = 'import inventory inv --credentials-secret a --known-hosts known/hosts'.split(' ');
  expect(await dispatch(args, commands, io)).toBe(1);
  expect(io.err).toContain('the 500 hashed names of known_hosts take too long for 50000 hosts');
});

test('each private key file has a Secret of its own, if that is said', async () => {
  const files = {
    hosts: '[all:vars]\nansible_user=root\n[a]\nh1 ansible_private_key_file=k1\nh2 ansible_private_key_file=k2\nh3\n',
  };
  const { made } = await run(files, '--credentials-secret k1=one');
  expect(made.map(({ spec }) => spec.ssh['credentialsRef'])).toEqual([
    { name: 'one' },
    { name: 'fleet-ssh' },
    { name: 'fleet-ssh' },
  ]);
});

test('10,000 hosts of a range are reported in a few lines', async () => {
  const { code, names, io } = await run({ hosts: '[web]\nweb[00001:10000]\n' }, '--user deploy -o devices.yaml');
  expect({ code, names }).toEqual({ code: 0, names: [] });
  expect(io.written['devices.yaml']?.match(/^kind: Device$/gm)).toHaveLength(10_000);
  expect(io.err.split('\n').length).toBeLessThan(10);
  expect(io.err.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

test.each([
  { args: '', why: 'specify files, directories, or - for standard input' },
  { args: 'inv', why: '--credentials-secret NAME is required' },
  { args: 'inv --credentials-secret A_b', why: 'the name of a Secret' },
  { args: 'inv --credentials-secret a --user Root', why: '--user must be the name of a POSIX account' },
  { args: 'inv --credentials-secret a --become su', why: '--become must be sudo or none' },
  { args: 'inv --credentials-secret a --label os', why: '--label must have the form KEY=VALUE' },
  { args: 'inv --credentials-secret a --scan-timeout 0 --scan-host-keys', why: '--scan-timeout must be' },
  { args: 'inv --credentials-secret a -n A', why: '--namespace must be' },
  { args: 'inv --credentials-secret a --known-hosts none', why: 'none cannot be read' },
])('a wrong command line is refused: $args', async ({ args, why }) => {
  const io = ioWith({ 'inv/hosts': 'web1\n' });
  expect(await dispatch(['import', 'inventory', ...args.split(' ').filter(Boolean)], commands, io)).toBe(1);
  expect({ out: io.out, err: io.err }).toEqual({ out: '', err: expect.stringContaining(why) });
});
