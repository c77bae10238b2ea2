/** `kubectl holdfast import inventory`: hosts of an Ansible inventory as Devices. Reads files, and asks hosts for their keys on request; never a cluster. */
import { command, UsageError } from '../../command.ts';

export const importInventory = command({
  words: 'import inventory',
  operands: 'FILE|DIRECTORY|-…',
  summary: 'Translate the hosts of Ansible inventories into Devices',
  examples: [
    'import inventory hosts.ini --credentials-secret fleet-ssh -n fleet -o devices.yaml',
    'import inventory inventories/prod --credentials-secret fleet-ssh --scan-host-keys',
  ],
  flags: {
    'credentials-secret': {
      type: 'string',
      value: '[KEYFILE=]NAME',
      multiple: true,
      help: 'Secret with the private key; with KEYFILE=, of hosts with that file',
    },
    namespace: {
      type: 'string',
      value: 'NAME',
      short: 'n',
      help: 'namespace of the Devices (none, as kubectl applies them)',
    },
    user: { type: 'string', value: 'NAME', help: 'account of hosts without ansible_user' },
    become: { type: 'string', value: 'sudo|none', help: 'for hosts without ansible_become (none)' },
    label: { type: 'string', value: 'KEY=VALUE', multiple: true, help: 'label of every Device, such as os=rhel9' },
    'known-hosts': { type: 'string', value: 'FILE', help: 'host keys that you trust (~/.ssh/known_hosts)' },
    'scan-host-keys': { type: 'boolean', help: 'ask the hosts for their keys, show them, and have them confirmed' },
    'accept-host-keys': {
      type: 'string',
      value: 'FILE',
      help: 'lines HOST SHA256:…, compared with scanned keys; for pipelines',
    },
    'scan-timeout': { type: 'string', value: 'SECONDS', help: 'for each host (10); for all of them 30 times that' },
    'ignore-encrypted-files': { type: 'boolean', help: 'files encrypted by ansible-vault set nothing of a connection' },
    output: { type: 'string', value: 'FILE|-', short: 'o', help: 'where to write the YAML (-, standard output)' },
  },
  more: 'Of a plugin or script: ansible-inventory -i … --list | kubectl holdfast import inventory -',
  exits: {
    holds: 'all hosts translated',
    differs: 'some not translated',
    failed: 'unreadable input or no Device',
  },
  async run(flags, operands, io) {
    if (operands.length === 0) throw new UsageError('specify files, directories, or - for standard input');
    const { wishesOf } = await import('./wishes.ts');
    const { importHosts } = await import('./run.ts');
    return importHosts(operands, wishesOf(flags), io);
  },
});
