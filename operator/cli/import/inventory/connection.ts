/** The connection of a host by its variables: what a Device has of it, or every reason why there is no Device. No value of a secret is shown. Pure. */
import { accountName } from '../../../lib/accountName.ts';
import { shortened } from '../../../lib/text.ts';
import type { Variables } from './hostVars.ts';
import { argumentProblem } from './sshArguments.ts';
import { Doubt, shown, Unread, type Value } from './values.ts';

export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly become: 'sudo' | 'none';
  /** The private key that Ansible logs in with, as the inventory names it. */
  readonly keyFile: string | undefined;
}

export type Decided =
  | { readonly is: 'connection'; readonly connection: Connection; readonly notes: readonly string[] }
  | { readonly is: 'refused'; readonly why: readonly string[] };

/** What people say where the inventory says nothing. */
export interface Defaults {
  readonly user: string | undefined;
  readonly become: 'sudo' | 'none' | undefined;
}

const secrets = [
  ...[
    'ansible_password',
    'ansible_paramiko_pass',
    'ansible_paramiko_password',
    'ansible_ssh_pass',
    'ansible_ssh_password',
    'ansible_ssh_private_key',
    'ansible_private_key',
  ],
  ...['ansible_ssh_private_key_passphrase', 'ansible_private_key_passphrase'],
];
const sudoSecrets = [
  ...[
    'ansible_become_password',
    'ansible_become_pass',
    'ansible_sudo_pass',
    'ansible_sudo_password',
    'ansible_su_pass',
  ],
];
const argumentNames = [
  ...[
    'ansible_ssh_common_args',
    'ansible_ssh_extra_args',
    'ansible_ssh_args',
    'ansible_scp_extra_args',
    'ansible_sftp_extra_args',
  ],
];
/** Set to anything, they change how the host is reached. */
const others = [
  ...['ansible_ssh_executable', 'ansible_paramiko_proxy_command', 'ansible_ssh_pkcs11_provider', 'ansible_become_exe'],
  ...['ansible_paramiko_host', 'ansible_paramiko_port', 'ansible_paramiko_user'],
  ...['ansible_sudo_exe', 'ansible_become_flags', 'ansible_sudo_flags', 'ansible_become_plugin'],
];
const ssh = new Set(['ssh', 'smart', 'paramiko', 'paramiko_ssh']);
const truths = new Map<Value, boolean>([
  ...['yes', 'on', '1', 'true', 't', 'y'].map((text) => [text, true] as const),
  ...['no', 'off', '0', 'false', 'f', 'n', ''].map((text) => [text, false] as const),
  ...([
    [true, true],
    [1, true],
    [false, false],
    [0, false],
  ] as const),
]);

export function connectionOf(name: string, variables: Variables, defaults: Defaults): Decided {
  const reading = new Reading(variables);
  const method = plugin(reading.text('ansible_connection') ?? 'ssh');
  if (!ssh.has(method))
    return {
      is: 'refused',
      why: [reading.doubt ?? `ansible_connection is ${shortened(method, 60)}; a Device is reached by ssh`],
    };
  const system = reading.text('ansible_network_os');
  if (system !== undefined) reading.refuse(`ansible_network_os is ${shortened(system, 60)}; a Device is a POSIX host`);
  const shell = reading.text('ansible_shell_type');
  if (shell !== undefined && ['cmd', 'powershell'].includes(shell))
    reading.refuse(`ansible_shell_type is ${shell}; a Device is a POSIX host`);
  for (const one of argumentNames) {
    const problem = argumentProblem(reading.text(one) ?? '');
    if (problem !== undefined) reading.refuse(`${one} ${problem}`);
  }
  for (const one of others)
    if ((reading.text(one) ?? '') !== '') reading.refuse(`${one} is set; a Device has nothing like it`);
  const connection = {
    host: hostOf(name, reading),
    port: portOf(reading),
    user: userOf(reading, defaults),
    keyFile: keyFileOf(reading),
  };
  const become = becomeOf(reading, defaults);
  const isSaid = variables.get('ansible_become') !== undefined || defaults.become !== undefined;
  if (reading.doubt !== undefined) return { is: 'refused', why: [reading.doubt] };
  if (reading.why.length > 0) return { is: 'refused', why: [...new Set(reading.why)] };
  return {
    is: 'connection',
    connection: { ...connection, become },
    notes: [...(isSaid || connection.user === 'root' ? [] : [unsaid]), ...notesOn(variables, become)],
  };
}

const unsaid =
  'become is none, because ansible_become is not set: what only root may read is unknown; set --become sudo if sudo asks for no password';

function notesOn(variables: Variables, become: 'sudo' | 'none'): string[] {
  const there = (names: readonly string[]) => names.filter((one) => variables.get(one) !== undefined);
  return [
    ...there(secrets).map((one) => `${one} is not translated: a Device logs in with the key of its Secret`),
    ...there(sudoSecrets).map((one) =>
      become === 'sudo'
        ? `${one} is not translated: sudo must ask for no password`
        : `${one} is not translated: the Device does not become root`,
    ),
    ...there(argumentNames).map((one) => `${one} is left out: Holdfast has options of its own`),
  ];
}

/** Without the collection that a name of Ansible's own may have. */
function plugin(name: string): string {
  return name.replace(/^ansible\.(builtin|legacy)\./, '');
}

function hostOf(name: string, reading: Reading): string {
  const host = reading.text('ansible_host', 'ansible_ssh_host') ?? name;
  if (reading.isNumber('ansible_host') || reading.isNumber('ansible_ssh_host'))
    reading.refuse('ansible_host is a number; enclose it in quotation marks');
  else if (host.length > 253 || !/^[A-Za-z0-9]([A-Za-z0-9.:_-]*[A-Za-z0-9])?$/.test(host))
    reading.refuse(`${shortened(shown(host), 60)} is neither a host name nor an IP address; set ansible_host`);
  else if (/^(localhost(\.localdomain)?|127\.\d+\.\d+\.\d+|0\.0\.0\.0)$/i.test(host) || host === '::1')
    reading.refuse(
      `${host} is the operator itself when the operator connects to it; set ansible_host to an address that others reach`,
    );
  return host;
}

function portOf(reading: Reading): number {
  const text = reading.text('ansible_port', 'ansible_ssh_port');
  const port = text === undefined ? 22 : /^\s*\d+\s*$/.test(text) ? Number(text) : NaN;
  if (!(Number.isInteger(port) && port >= 1 && port <= 65535)) reading.refuse('ansible_port is not a port');
  return port;
}

function keyFileOf(reading: Reading): string | undefined {
  const file = reading.text('ansible_private_key_file', 'ansible_ssh_private_key_file');
  if (file !== undefined && /PRIVATE KEY|[\r\n]/.test(file))
    reading.refuse('ansible_private_key_file is not the path of a file');
  return file;
}

function userOf(reading: Reading, defaults: Defaults): string {
  const user = reading.text('ansible_user', 'ansible_ssh_user') ?? defaults.user;
  if (user === undefined) {
    if (!reading.why.some((one) => /^ansible_(ssh_)?user /.test(one)))
      reading.refuse('ansible_user is not set; set --user for hosts without it');
    return '';
  }
  if (!accountName.test(user)) reading.refuse('ansible_user is not the name of a POSIX account');
  return user;
}

function becomeOf(reading: Reading, defaults: Defaults): 'sudo' | 'none' {
  const said = reading.value('ansible_become') ?? undefined;
  const key = typeof said === 'string' ? said.trim().toLowerCase() : said;
  const isAsked = said === undefined ? undefined : truths.get(key ?? null);
  if (said !== undefined && isAsked === undefined) reading.refuse('ansible_become is neither true nor false');
  const become = isAsked === undefined ? (defaults.become ?? 'none') : isAsked ? 'sudo' : 'none';
  if (become === 'none') return become;
  const method = plugin(reading.text('ansible_become_method') ?? 'sudo');
  if (method !== 'sudo')
    reading.refuse(`ansible_become_method is ${shortened(method, 60)}; a Device becomes root with sudo`);
  const user = reading.text('ansible_become_user', 'ansible_sudo_user') ?? 'root';
  if (user !== 'root') reading.refuse('ansible_become_user is not root; a Device becomes root or nobody else');
  return become;
}

/** Collects what keeps a host from being a Device. */
class Reading {
  readonly why: string[] = [];
  doubt: string | undefined;
  readonly #variables: Variables;

  constructor(variables: Variables) {
    this.#variables = variables;
  }

  refuse(why: string): void {
    this.why.push(why);
  }

  isNumber(name: string): boolean {
    return typeof this.#variables.get(name) === 'number';
  }

  value(name: string): Exclude<Value, Unread> | undefined {
    const value = this.#variables.get(name);
    if (value instanceof Doubt) this.doubt = `its variables are ${value.why}`;
    else if (value instanceof Unread)
      this.refuse(`${name} is ${value.why}; use \`ansible-inventory --list\`, and import what it prints`);
    else if (typeof value === 'string' && /\{[{%#]/.test(value))
      this.refuse(`${name} has a Jinja template; write out its value`);
    else return value;
    return undefined;
  }

  /** The first name that is set; later ones are other names for it, and must say the same. */
  text(...names: readonly string[]): string | undefined {
    const values = names.map((name) => this.value(name)).filter((value) => value !== undefined && value !== null);
    const texts = new Set(values.map(String));
    if (texts.size > 1) this.refuse(`${names.join(' and ')} differ; remove one`);
    return [...texts][0];
  }
}
