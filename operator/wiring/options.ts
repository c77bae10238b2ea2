/** The command line of the operator. */
import { parseArgs } from 'node:util';
import { networksIn } from '../connect/network/networks.ts';
import { policyReportKinds, type PolicyReportGroup } from '../evidence/outputs/policyReport.ts';
import type { Cidr } from '../lib/ipAddress.ts';
import type { Key } from '../runtime/feature.ts';
import type { LogLevel } from '../runtime/log.ts';

export interface Options {
  /** Path of a kubeconfig; empty inside a cluster. */
  readonly kubeconfig: string;
  /** Watches this namespace only; all when empty. */
  readonly namespace: string;
  /** Where health and metrics are served. */
  readonly listen: { readonly host: string; readonly port: number };
  /** The Lease to lead by; `undefined` for the one of every operator. */
  readonly lease: Key | 'none' | undefined;
  readonly stateFolder: string;
  /** Folder with the programs of ansible-core and ansible-runner, for backend Local. */
  readonly ansibleBin: string;
  /** Image of ansible-runner, for backend Job. */
  readonly runnerImage: string;
  readonly digestKeyFile: string;
  /** The Secret that has the key instead, for replicas that take over from each other; without a namespace, it is in that of the pod. */
  readonly digestKeySecret: Key | undefined;
  readonly maxConnections: number;
  /** Networks in which hosts may be: all but special ones when empty. */
  readonly allowedNetworks: readonly Cidr[];
  readonly deniedNetworks: readonly Cidr[];
  /** Runs of backend Local at once. */
  readonly maxLocalRuns: number;
  readonly localPlaybooks: boolean;
  /** File that names the Prometheus servers; none when empty. */
  readonly prometheusServers: string;
  /** File that names the services for signing; none when empty. */
  readonly signingServices: string;
  /** File that names the object stores of EvidenceStores; none when empty. */
  readonly objectStores: string;
  /** Folder of EvidenceStores in the file system; one in that of the state when empty. */
  readonly evidenceFolder: string;
  /** Mebibytes that the EvidenceStores of a namespace may have in the file system. */
  readonly evidenceQuota: number;
  /** For entries that wait for their store; one in that of the state when empty. */
  readonly journalFolder: string;
  /** Mebibytes of entries of one journal that may wait for their store. */
  readonly journalSpool: number;
  /** The API in which DriftReports are also shown; none when undefined. */
  readonly policyReports: PolicyReportGroup | undefined;
  readonly hostMetrics: boolean;
  readonly logLevel: LogLevel;
}

const flags = {
  kubeconfig: {
    type: 'string',
    default: process.env['KUBECONFIG'] ?? '',
    help: 'kubeconfig to use outside of a cluster',
  },
  namespace: { type: 'string', default: '', help: 'watch only this namespace' },
  listen: {
    type: 'string',
    default: '0.0.0.0:8080',
    help: 'host:port that serves /healthz and /readyz for everyone, and /metrics for this machine and bearer tokens that may get it',
  },
  lease: {
    type: 'string',
    default: '',
    help: 'namespace/name of the Lease for leader election, or none; by default holdfast-operator in the namespace of the pod, and in default outside of a cluster',
  },
  'state-directory': {
    type: 'string',
    default: '/var/lib/holdfast-operator',
    help: 'private directory for connections and local runs',
  },
  'ansible-bin': {
    type: 'string',
    default: '/usr/bin',
    help: 'directory that contains ansible-runner, for backend Local',
  },
  'runner-image': {
    type: 'string',
    default: '',
    help: 'image with ansible-runner and OpenSSH; required for backend Job',
  },
  'digest-key-file': {
    type: 'string',
    default: '',
    help: 'key of the digests that are shown instead of secrets; by default generated in the state directory',
  },
  'digest-key-secret': {
    type: 'string',
    default: '',
    help: '[namespace/]name of the Secret that has the key instead, for several replicas; created when there is none',
  },
  'max-connections': { type: 'string', default: '64', help: 'maximum number of SSH connections that are kept open' },
  'allowed-networks': {
    type: 'string',
    default: '',
    help: 'networks in which hosts may be, such as 10.0.0.0/8,fd00:1::/32; all by default, except special ones such as loopback, which must be named themselves',
  },
  'denied-networks': {
    type: 'string',
    default: '',
    help: 'networks in which hosts may not be, such as those of pods and Services',
  },
  'max-local-runs': {
    type: 'string',
    default: '8',
    help: 'maximum number of runs of backend Local at once; a namespace has at most as many as it leaves free',
  },
  'allow-local-playbooks': {
    type: 'boolean',
    default: false,
    help: "let backend Local run users' own playbooks, with the rights of the operator",
  },
  'prometheus-servers': {
    type: 'string',
    default: '',
    help: 'file that names the Prometheus servers that queries may be sent to, in YAML or JSON',
  },
  'signing-services': {
    type: 'string',
    default: '',
    help: 'file that names certificate authorities, timestamp authorities and logs for evidence, in YAML or JSON',
  },
  'object-stores': {
    type: 'string',
    default: '',
    help: 'file that names the object stores that EvidenceStores may use, in YAML or JSON',
  },
  'evidence-folder': {
    type: 'string',
    default: '',
    help: 'directory of EvidenceStores in the file system; by default in the state directory',
  },
  'evidence-quota': {
    type: 'string',
    default: '10240',
    help: 'MiB that the EvidenceStores of a namespace may have in the file system',
  },
  'journal-directory': {
    type: 'string',
    default: '',
    help: 'directory for what waits for an EvidenceStore: entries of journals, and packs; by default in the state directory',
  },
  'journal-spool': {
    type: 'string',
    default: '256',
    help: 'MiB for entries of one journal that wait; four times that for all',
  },
  'policy-reports': {
    type: 'string',
    default: '',
    help: 'show DriftReports as reports of openreports.io or wgpolicyk8s.io as well, where that is granted',
  },
  'host-metrics': {
    type: 'boolean',
    default: false,
    help: 'add the names of hosts and objects to the labels of metrics',
  },
  'log-level': { type: 'string', default: 'info', help: 'debug, info, warn, error or silent' },
  help: { type: 'boolean', default: false, help: 'print this help' },
} as const;

/** Reads the command line; `help` instead when it was asked for. Throws a sentence when a flag is wrong. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({ args: [...args], options: flags });
  if (values.help) return 'help';
  return {
    kubeconfig: values.kubeconfig,
    namespace: values.namespace,
    listen: address(values.listen),
    lease: values.lease === 'none' ? 'none' : named('lease', values.lease),
    stateFolder: values['state-directory'],
    ansibleBin: values['ansible-bin'],
    runnerImage: values['runner-image'],
    digestKeyFile: values['digest-key-file'],
    digestKeySecret: named('digest-key-secret', values['digest-key-secret'], true),
    maxConnections: atLeastOne('max-connections', values['max-connections']),
    allowedNetworks: networks('allowed-networks', values['allowed-networks']),
    deniedNetworks: networks('denied-networks', values['denied-networks']),
    maxLocalRuns: atLeastOne('max-local-runs', values['max-local-runs']),
    localPlaybooks: values['allow-local-playbooks'],
    prometheusServers: values['prometheus-servers'],
    signingServices: values['signing-services'],
    objectStores: values['object-stores'],
    evidenceFolder: values['evidence-folder'],
    evidenceQuota: atLeastOne('evidence-quota', values['evidence-quota']),
    journalFolder: values['journal-directory'],
    journalSpool: atLeastOne('journal-spool', values['journal-spool']),
    policyReports: reportGroup(values['policy-reports']),
    hostMetrics: values['host-metrics'],
    logLevel: level(values['log-level']),
  };
}

export function helpText(): string {
  const lines = Object.entries(flags).map(
    ([name, { help, default: value }]) => `  --${name.padEnd(22)} ${help}${value ? ` (${String(value)})` : ''}`,
  );
  return ['Usage: holdfast [flags]', '', ...lines].join('\n');
}

function atLeastOne(flag: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${flag} must be an integer of at least 1`);
  return number;
}

function networks(flag: string, text: string): readonly Cidr[] {
  const found = networksIn(text);
  if (found) return found;
  throw new Error(
    `--${flag} must be a list of networks in CIDR notation, separated by commas, such as 10.0.0.0/8,fd00:1::/32`,
  );
}

function address(text: string): Options['listen'] {
  const match = /^(.*):([0-9]{1,5})$/.exec(text);
  if (!match) throw new Error('--listen must have the form host:port');
  if (Number(match[2]) > 65_535) throw new Error('--listen must have a port up to 65535');
  return { host: match[1] || '0.0.0.0', port: Number(match[2]) };
}

/** `namespace/name`, or a name alone where its namespace may be found out later: then that is empty. */
function named(flag: string, text: string, mayBeAlone = false): Key | undefined {
  if (!text) return undefined;
  if (mayBeAlone && !text.includes('/')) return { namespace: '', name: text };
  const [namespace, name, ...more] = text.split('/');
  if (namespace && name && more.length === 0) return { namespace, name };
  throw new Error(`--${flag} must have the form ${mayBeAlone ? '[namespace/]name' : 'namespace/name'}`);
}

function reportGroup(text: string): PolicyReportGroup | undefined {
  const groups = Object.keys(policyReportKinds) as PolicyReportGroup[];
  const found = groups.find((one) => one === text);
  if (!found && text) throw new Error(`--policy-reports must be one of ${groups.join(', ')}`);
  return found;
}

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent'];

function level(text: string): LogLevel {
  const found = levels.find((one) => one === text);
  if (!found) throw new Error(`--log-level must be one of ${levels.join(', ')}`);
  return found;
}
