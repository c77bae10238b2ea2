import { describe, expect, test } from '@jest/globals';
import { privateData } from './privateData.ts';
import type { AnsibleHost, AnsibleRequest } from './types.ts';

const target = {
  id: 'tenant/web-01',
  host: 'web-01.example.com',
  address: '10.0.0.1',
  port: 2222,
  user: 'holdfast',
  become: 'sudo' as const,
  hostKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK comment'],
  hostCertificateAuthorities: [],
  privateKey: 'KEY-ONE',
};

function request(hosts: readonly AnsibleHost[], changes: Partial<AnsibleRequest> = {}): AnsibleRequest {
  const playbook = { is: 'tasks' as const, tasks: [] };
  return { hosts, playbook, variables: { release: '{{ 9 }}' }, check: false, forks: 7, timeoutSeconds: 60, ...changes };
}

function host(name: string, changes: Partial<AnsibleHost['target']> = {}): AnsibleHost {
  return { name, target: { ...target, ...changes }, variables: { holdfast_checks: ['{{ x }}'] } };
}

function textOf(wanted: AnsibleRequest, path: string): string {
  return privateData(wanted).find((file) => file.path === path)?.text ?? '';
}

describe('the private data', () => {
  test('checks host keys by the pinned ones alone, with options that nothing in a request can change', () => {
    const inventory = textOf(request([host('web-01')]), 'inventory/hosts.yml');
    expect(inventory).toContain('ansible_host: "10.0.0.1"\n      ansible_port: 2222\n');
    expect(inventory).toContain('ansible_become: true\n      ansible_become_method: !unsafe "sudo"\n');
    expect(inventory).toContain('holdfast_checks:\n        - !unsafe "{{ x }}"\n');
    const options = /ansible_ssh_common_args: !unsafe "(.*)"/.exec(inventory)?.[1] ?? '';
    for (const option of [
      '-F none',
      'StrictHostKeyChecking=yes',
      'GlobalKnownHostsFile=none',
      'IdentitiesOnly=yes',
      'ProxyCommand=none',
    ]) {
      expect(options).toContain(option);
    }
    expect(options).toContain('UserKnownHostsFile=../known_hosts/0 ');
    expect(options).toContain('HostKeyAlgorithms=ssh-ed25519 ');
    expect(options).toContain('IdentityFile=../keys/0 ');
    expect(textOf(request([host('web-01')]), 'ansible.cfg')).toContain('host_key_checking = True');
    expect(textOf(request([host('web-01')]), 'known_hosts/0')).toMatch(
      /^\S+ ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK\n$/,
    );
  });

  test('keeps keys to files of their own, one for each key with its certificate', () => {
    const hosts = [
      host('a'),
      host('b'),
      host('c', { privateKey: 'KEY-TWO\n' }),
      host('d', { certificate: 'CERTIFICATE\r\n' }),
    ];
    const files = privateData(request(hosts));
    expect(files.filter(({ path }) => path.startsWith('keys/')).map(({ path, text }) => [path, text])).toEqual([
      ['keys/0', 'KEY-ONE\n'],
      ['keys/1', 'KEY-TWO\n'],
      ['keys/2', 'KEY-ONE\n'],
      ['keys/2-cert.pub', 'CERTIFICATE\n'],
    ]);
    expect(files.filter(({ path, text }) => !path.startsWith('keys/') && /KEY-|CERTIFICATE/.test(text))).toEqual([]);
    expect(textOf(request(hosts), 'inventory/hosts.yml')).toContain('CertificateFile=../keys/2-cert.pub');
  });

  test('gives variables as data, and asks for check mode only when it is wanted', () => {
    expect(textOf(request([host('a')]), 'env/extravars')).toBe('release: !unsafe "{{ 9 }}"\n');
    expect(textOf(request([host('a')]), 'env/cmdline')).toBe('');
    expect(textOf(request([host('a')], { check: true }), 'env/cmdline')).toBe('--check');
    expect(textOf(request([host('a')]), 'ansible.cfg')).toContain('forks = 7\n');
  });

  test.each([
    ['no host', [], /at least one host/],
    ['a host twice', [host('a'), host('a')], /"a" is in the run twice/],
    ['a host named as a group of Ansible', [host('all')], /give the Device another name/],
    ['a range of hosts', [host('web[1:3]')], /may be named only with lowercase/],
    ['an address that is an option', [host('a', { host: '-oProxyCommand=id' })], /host "a".*fix it/],
    ['no host key', [host('a', { hostKeys: [] })], /host "a".*hostKeys/],
    [
      'a host key with a second line',
      [host('a', { hostKeys: ['ssh-ed25519 AAAA\n@cert-authority * ssh-ed25519 AAAA'] })],
      /public key/,
    ],
  ])('is refused with %s', (_, hosts, message) => {
    expect(() => privateData(request(hosts))).toThrow(message);
  });
});
