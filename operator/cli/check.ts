/** `kubectl holdfast check`: a baseline against hosts with no cluster at all. */
import { command, UsageError } from './command.ts';
import { outputFlag } from './output.ts';

const outputs = ['wide', 'json', 'yaml', 'junit', 'sarif'] as const;
export type CheckOutput = (typeof outputs)[number];

export const check = command({
  words: 'check',
  operands: '',
  summary: 'Check this machine, or hosts, without a cluster: against a DeviceBaseline; changes nothing',
  examples: [
    'check -f baseline.yaml --local',
    'check -f baseline.yaml --host admin@web-01 --host admin@web-02 --sudo -o junit',
  ],
  flags: {
    filename: { type: 'string', value: 'FILE', short: 'f', help: 'file with the DeviceBaseline; - for standard input' },
    baseline: { type: 'string', value: 'NAME', help: 'the one of the file that is meant, where it has several' },
    local: { type: 'boolean', help: 'check this machine' },
    host: {
      type: 'string',
      value: 'USER@HOST',
      multiple: true,
      help: 'check this host, with your ssh and its configuration; may be repeated',
    },
    sudo: { type: 'boolean', help: 'look as root, by sudo that asks for no password' },
    timeout: { type: 'string', value: 'SECONDS', help: 'for each host (60)' },
    output: outputFlag(outputs, 'form of the output; wide lists what passes as well'),
  },
  more: 'The selector of the baseline does not count, and neither do waivers. What cannot be read is unknown, never a pass.',
  exits: {
    holds: 'every check passes or does not apply',
    failed: 'nothing can be checked',
    differs: 'a check fails or is unknown',
  },
  async run(
    { filename, baseline, local = false, host: hosts = [], sudo = false, timeout = '60', output },
    operands,
    io,
  ) {
    if (operands.length > 0) throw new UsageError(`${operands[0]} is not expected; name hosts with --host`);
    if (filename === undefined) throw new UsageError('-f FILE is required');
    if (!local && hosts.length === 0) throw new UsageError('what is checked is missing: --local, or --host USER@HOST');
    const seconds = Number(timeout.replace(/s$/, ''));
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > 3600)
      throw new UsageError('--timeout must be a number of seconds between 1 and 3600');
    for (const host of hosts)
      if (!/^([A-Za-z0-9_][A-Za-z0-9_.@-]*@)?[A-Za-z0-9]([A-Za-z0-9.:_-]*[A-Za-z0-9])?$/.test(host))
        throw new UsageError(`--host ${JSON.stringify(host)} must be HOST or USER@HOST; set ports in ~/.ssh/config`);
    const { runCheck } = await import('./check/index.ts');
    const wanted = { filename, baseline, hosts: [...new Set(hosts)], local, sudo, seconds, format: output };
    return runCheck(wanted, io);
  },
});
