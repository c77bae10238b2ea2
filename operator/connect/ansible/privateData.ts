/**
 * The folder that ansible-runner is given, as data: the same for every backend, and wherever the folder lies, since every path in it is
 * relative. Connections have the protections of the SSH connector; keys lie in files of their own, never in arguments or environment. Pure.
 */
import { clientArguments, knownHosts, targetProblem } from '../ssh/arguments.ts';
import { certificateText, privateKeyText } from '../ssh/privateKey.ts';
import type { AddressedTarget, SshTarget } from '../ssh/types.ts';
import { ansibleYaml } from './ansibleYaml.ts';
import { projectFiles } from './playbook.ts';
import type { AnsibleHost, AnsibleRequest } from './types.ts';
import { assertHostVariables, assertRunVariables } from './variables.ts';

export interface PrivateFile {
  /** Path in the folder. */
  readonly path: string;
  readonly text: string;
}

/** Why the request may not or cannot be run, whoever runs it; `undefined` when nothing is wrong with it. */
export function requestProblem(request: AnsibleRequest): string | undefined {
  return sentenceOf(() => privateData(request));
}

/** The sentence that is thrown, if any. */
export function sentenceOf(tried: () => unknown): string | undefined {
  try {
    tried();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The files. Throws a sentence for what may not or cannot be run. */
export function privateData(request: AnsibleRequest): readonly PrivateFile[] {
  assertHostNames(request.hosts);
  assertRunVariables(request.variables);
  const identities = identitiesOf(request).map(({ id }) => id);
  const hosts = Object.fromEntries(
    request.hosts.map((host, index) => [host.name, hostVariables(host, index, identities)]),
  );
  return [
    file('ansible.cfg', configuration(request)),
    file('hosts.json', JSON.stringify(request.hosts.map(({ name }) => name))),
    file('inventory/hosts.yml', ansibleYaml({ all: { hosts } })),
    file('env/extravars', ansibleYaml(request.variables)),
    ...(request.check ? [file('env/cmdline', '--check')] : []),
    ...projectFiles(request).map(({ name, text }) => file(`project/${name}`, text)),
    ...request.hosts.map(({ target }, index) => file(`known_hosts/${index}`, knownHosts(target))),
    ...keyFiles(request),
  ];
}

/** The protections are host variables; here stands what is the same for all. A relative path starts where this file lies. */
function configuration({ forks }: AnsibleRequest): string {
  return `[defaults]
forks = ${forks}
timeout = ${connectSeconds}
host_key_checking = True
interpreter_python = /usr/bin/python3
inject_facts_as_vars = False
retry_files_enabled = False
nocows = True
local_tmp = ./tmp
remote_tmp = ${remoteFolder}
home = ./home
collections_path = /usr/share/ansible/collections
roles_path = /usr/share/ansible/roles
library = ./project/library
module_utils = ./project/module_utils
no_target_syslog = True
deprecation_warnings = False
localhost_warning = False
[inventory]
enable_plugins = ansible.builtin.yaml
any_unparsed_is_failed = True
[connection]
pipelining = True
[ssh_connection]
ssh_args = -F none
`;
}

/**
 * In which Ansible makes a folder for the files that some modules need, of a name of its own and for its account alone: sticky, so that nobody
 * can put another in its place. It needs no home, which a host may lack or mount read-only.
 */
const remoteFolder = '/var/tmp';
const connectSeconds = 20;
/** The run ends its connections itself; this is for a host that is slow between two tasks. */
const idleSeconds = 60;

function hostVariables(
  { name, target, variables }: AnsibleHost,
  index: number,
  identities: readonly string[],
): Readonly<Record<string, unknown>> {
  const problem = targetProblem(target);
  if (problem) throw new Error(`Ansible cannot be run on the host "${name}": ${problem}.`);
  assertHostVariables(name, variables);
  return {
    ...variables,
    ansible_connection: 'ssh',
    // By its address, which was checked; its keys are found by an alias.
    ansible_host: target.address,
    ansible_port: target.port,
    ansible_user: target.user,
    ansible_ssh_common_args: sshArguments(target, index, identities),
    ...(target.become === 'sudo' && {
      ansible_become: true,
      ansible_become_method: 'sudo',
      ansible_become_user: 'root',
    }),
  };
}

/** Paths start in the folder `project`, in which Ansible and so the SSH client runs. A socket by a relative name is never too long for the system. */
function sshArguments(target: AddressedTarget, index: number, identities: readonly string[]): string {
  const privateKey = `../keys/${identities.indexOf(identityOf(target))}`;
  const files = {
    knownHosts: `../known_hosts/${index}`,
    privateKey,
    ...(target.certificate && { certificate: `${privateKey}-cert.pub` }),
  };
  const times = { connectTimeoutSeconds: connectSeconds, idleSeconds };
  const all = clientArguments(target, files, times, `control/${index}`);
  const options = all.filter((option, place) => all[place - 1] === '-o' && !option.startsWith('RequestTTY='));
  if (options.some((option) => /[\s'"\\]/.test(option))) {
    throw new Error(
      'An option of the SSH client contains a character that Ansible would split it at. This is a bug: report it.',
    );
  }
  return ['-F', 'none', ...options.flatMap((option) => ['-o', option])].join(' ');
}

/** A key with its certificate, however many hosts accept it. */
export interface Identity {
  readonly id: string;
  readonly privateKey: string;
  readonly certificate?: string;
  /** A Secret that has them; empty where none is known. */
  readonly secretName: string;
}

/** In the order of their files. */
export function identitiesOf({ hosts }: AnsibleRequest): readonly Identity[] {
  const found = new Map<string, Identity>();
  for (const { target, secretName = '' } of hosts) {
    const { privateKey, certificate } = target;
    const id = identityOf(target);
    if (!found.has(id)) found.set(id, { id, privateKey, ...(certificate && { certificate }), secretName });
  }
  return [...found.values()];
}

/** Begins the paths of keys. */
export const keyFolder = 'keys/';

function keyFiles(request: AnsibleRequest): readonly PrivateFile[] {
  return identitiesOf(request).flatMap(({ privateKey, certificate }, index) => {
    const key = { path: `${keyFolder}${index}`, text: privateKeyText(privateKey) };
    return certificate ? [key, { path: `${keyFolder}${index}-cert.pub`, text: certificateText(certificate) }] : [key];
  });
}

function identityOf({ privateKey, certificate }: SshTarget): string {
  return JSON.stringify([privateKey, certificate]);
}

function assertHostNames(hosts: readonly AnsibleHost[]): void {
  if (hosts.length === 0) throw new Error('A run of Ansible needs at least one host.');
  const names = hosts.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`The host "${twice}" is in the run twice.`);
  for (const name of names) {
    if (!/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(name)) {
      throw new Error(
        `The host ${JSON.stringify(name)} may be named only with lowercase letters, digits, "." and "-".`,
      );
    }
    if (['all', 'ungrouped', 'localhost', '127.0.0.1'].includes(name)) {
      throw new Error(
        `A host in a run cannot be named "${name}", because Ansible reserves that name: give the Device another name.`,
      );
    }
  }
}

function file(path: string, text: string): PrivateFile {
  return { path, text };
}
