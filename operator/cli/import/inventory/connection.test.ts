import { describe, expect, test } from '@jest/globals';
import { connectionOf } from './connection.ts';
import { Variables } from './hostVars.ts';
import { argumentProblem } from './sshArguments.ts';
import { encrypted, Unread, type Value } from './values.ts';

function decided(vars: Record<string, Value>, defaults = {}) {
  const variables = new Variables();
  variables.add(new Map(Object.entries({ ansible_user: 'deploy', ...vars })));
  return connectionOf('web-01', variables, { user: undefined, become: undefined, ...defaults });
}

const secret = 'S3cret!pass';

describe('a host is a Device with', () => {
  test.each<{ vars: Record<string, Value>; defaults?: object; is: object }>([
    { vars: {}, is: { host: 'web-01', port: 22, user: 'deploy', become: 'none' } },
    { vars: { ansible_host: '192.0.2.7', ansible_port: '2222' }, is: { host: '192.0.2.7', port: 2222 } },
    { vars: { ansible_ssh_host: 'a.example.com', ansible_ssh_port: 44 }, is: { host: 'a.example.com', port: 44 } },
    { vars: { ansible_host: 'a', ansible_ssh_host: 'a' }, is: { host: 'a' } },
    { vars: { ansible_host: '2001:db8::1' }, is: { host: '2001:db8::1' } },
    { vars: { ansible_become: 'yes' }, is: { become: 'sudo' } },
    {
      vars: { ansible_become: true, ansible_become_user: 'root', ansible_become_method: 'ansible.builtin.sudo' },
      is: { become: 'sudo' },
    },
    { vars: { ansible_become: false }, defaults: { become: 'sudo' }, is: { become: 'none' } },
    { vars: {}, defaults: { become: 'sudo' }, is: { become: 'sudo' } },
    { vars: { ansible_user: null }, defaults: { user: 'admin' }, is: { user: 'admin' } },
    { vars: { ansible_user: 'svc-hf@corp.example.com' }, is: { user: 'svc-hf@corp.example.com' } },
    { vars: { ansible_connection: 'smart' }, is: { host: 'web-01' } },
    { vars: { ansible_connection: 'ansible.builtin.ssh' }, is: { host: 'web-01' } },
    { vars: { ansible_become_method: 'su' }, is: { become: 'none' } },
    { vars: { ansible_private_key_file: '~/.ssh/a' }, is: { keyFile: '~/.ssh/a' } },
  ])('$vars', ({ vars, defaults, is }) => {
    expect(decided(vars, defaults)).toMatchObject({ is: 'connection', connection: is });
  });
});

describe('a host is no Device, and why is said, with', () => {
  test.each<{ vars: Record<string, Value>; why: string }>([
    { vars: { ansible_connection: 'local' }, why: 'ansible_connection is local' },
    { vars: { ansible_connection: 'winrm', ansible_user: 'Administrator' }, why: 'ansible_connection is winrm' },
    { vars: { ansible_connection: 'ansible.netcommon.network_cli' }, why: 'network_cli' },
    { vars: { ansible_connection: 'community.docker.docker' }, why: 'community.docker.docker' },
    { vars: { ansible_network_os: 'ios' }, why: 'ansible_network_os is ios' },
    { vars: { ansible_shell_type: 'powershell' }, why: 'ansible_shell_type is powershell' },
    { vars: { ansible_become: true, ansible_become_method: 'su' }, why: 'ansible_become_method is su' },
    { vars: { ansible_become: true, ansible_become_user: 'oracle' }, why: 'ansible_become_user is not root' },
    { vars: { ansible_become: 'perhaps' }, why: 'ansible_become is neither true nor false' },
    { vars: { ansible_become_flags: '-i' }, why: 'ansible_become_flags is set' },
    { vars: { ansible_host: '10.42.0.[31:60]' }, why: 'is neither a host name nor an IP address' },
    { vars: { ansible_host: 'fe80::1%eth0' }, why: 'is neither a host name nor an IP address' },
    { vars: { ansible_host: '-oProxyCommand=x' }, why: 'is neither a host name nor an IP address' },
    { vars: { ansible_host: 10.5 }, why: 'ansible_host is a number' },
    { vars: { ansible_host: 'localhost' }, why: 'localhost is the operator itself' },
    { vars: { ansible_host: '127.0.0.1' }, why: '127.0.0.1 is the operator itself' },
    { vars: { ansible_host: 'a', ansible_ssh_host: 'b' }, why: 'ansible_host and ansible_ssh_host differ' },
    { vars: { ansible_host: '{{ ip }}' }, why: 'ansible_host has a Jinja template' },
    { vars: { ansible_user: '{% if x %}a{% endif %}' }, why: 'ansible_user has a Jinja template' },
    { vars: { ansible_port: 0 }, why: 'ansible_port is not a port' },
    { vars: { ansible_port: 65536 }, why: 'ansible_port is not a port' },
    { vars: { ansible_port: 22.5 }, why: 'ansible_port is not a port' },
    { vars: { ansible_user: 1000 }, why: 'ansible_user is not the name of a POSIX account' },
    { vars: { ansible_user: null }, why: 'ansible_user is not set; set --user' },
    { vars: { ansible_user: encrypted }, why: 'ansible_user is encrypted by ansible-vault' },
    { vars: { ansible_host: new Unread('a date') }, why: 'ansible_host is a date' },
    { vars: { ansible_ssh_common_args: '-o ProxyJump=bastion' }, why: 'goes through a jump host' },
    { vars: { ansible_paramiko_proxy_command: 'ssh -W' }, why: 'ansible_paramiko_proxy_command is set' },
  ])('$vars', ({ vars, why }) => {
    const found = decided({ ...vars, ansible_password: secret, ansible_become_pass: secret });
    expect(found).toMatchObject({ is: 'refused', why: [expect.stringContaining(why)] });
    expect(JSON.stringify(found)).not.toContain(secret);
  });
});

test('an encrypted file may set everything, except what is set after it', () => {
  const variables = new Variables();
  variables.add(new Map([['ansible_user', 'deploy']]));
  variables.addFile({ path: 'group_vars/all/vault.yml', vars: undefined });
  variables.add(new Map([['ansible_host', 'web-01']]));
  expect(variables.get('ansible_host')).toBe('web-01');
  expect(connectionOf('web-01', variables, { user: 'x', become: 'none' })).toEqual({
    is: 'refused',
    why: ['its variables are perhaps set in group_vars/all/vault.yml, which is encrypted by ansible-vault'],
  });
});

test('secrets are named, and never shown', () => {
  const found = decided({ ansible_password: secret, ansible_become: true, ansible_become_password: secret });
  expect(found).toMatchObject({
    notes: [
      'ansible_password is not translated: a Device logs in with the key of its Secret',
      'ansible_become_password is not translated: sudo must ask for no password',
    ],
  });
  expect(JSON.stringify(found)).not.toContain(secret);
});

describe('arguments of ssh', () => {
  test.each([
    '',
    '-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null',
    '-C -oControlMaster=auto -o "ControlPersist 60s" -4q',
    '-o ProxyCommand=none',
    '-o ProxyJump=none -o IdentitiesOnly=yes',
  ])('%j need no translation', (text) => expect(argumentProblem(text)).toBeUndefined());

  test.each([
    ['-o ProxyCommand="ssh -W %h:%p -q bastion"', 'jump host'],
    ['-J bastion', 'jump host'],
    ['-Jbastion', 'jump host'],
    ['-oproxyjump=bastion', 'jump host'],
    ["-o 'ProxyCommand nc -x proxy %h %p'", 'jump host'],
    ['-o ProxyJump=none -J bastion', 'jump host'],
    ['-p 2222', 'has -p'],
    ['-i key', 'has -i'],
    ['-F ./ssh_config', 'has -F'],
    ['-o HostName=other', 'has option HostName'],
    ['-o User=other', 'has option User'],
    ['-o Port=22', 'has option Port'],
    ['other-host', 'has an argument'],
    ['-o "broken', 'cannot be read'],
  ])('%j are no Device: %s', (text, why) => expect(argumentProblem(text)).toContain(why));
});
