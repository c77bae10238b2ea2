/** What is asked for on the command line, checked. Pure. */
import { accountName } from '../../../lib/accountName.ts';
import { UsageError } from '../../command.ts';
import type { Defaults } from './connection.ts';
import type { ScanLimits } from './scan.ts';

export interface Wishes {
  readonly defaults: Defaults;
  readonly namespace: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** By private key file; that of all others is under ''. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly knownHosts: string | undefined;
  /** Undefined where no host is asked. */
  readonly scan: ScanLimits | undefined;
  readonly accepted: string | undefined;
  readonly ignoresEncrypted: boolean;
  readonly output: string;
}

interface Flags {
  readonly 'credentials-secret'?: readonly string[];
  readonly namespace?: string;
  readonly user?: string;
  readonly become?: string;
  readonly label?: readonly string[];
  readonly 'known-hosts'?: string;
  readonly 'scan-host-keys'?: boolean;
  readonly 'accept-host-keys'?: string;
  readonly 'scan-timeout'?: string;
  readonly 'ignore-encrypted-files'?: boolean;
  readonly output?: string;
}

const objectName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const labelKey = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

export function wishesOf(flags: Flags): Wishes {
  const { namespace, user, become, output = '-' } = flags;
  if (namespace !== undefined && !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace))
    throw new UsageError('--namespace must be the name of a namespace');
  if (user !== undefined && !accountName.test(user)) throw new UsageError('--user must be the name of a POSIX account');
  if (become !== undefined && become !== 'sudo' && become !== 'none')
    throw new UsageError('--become must be sudo or none');
  const isScanned = flags['scan-host-keys'] === true || flags['accept-host-keys'] !== undefined;
  return {
    defaults: { user, become },
    namespace,
    labels: labelsOf(flags.label ?? []),
    secrets: secretsOf(flags['credentials-secret'] ?? []),
    knownHosts: flags['known-hosts'],
    scan: isScanned ? limitsOf(flags['scan-timeout'] ?? '10') : undefined,
    accepted: flags['accept-host-keys'],
    ignoresEncrypted: flags['ignore-encrypted-files'] === true,
    output,
  };
}

function limitsOf(text: string): ScanLimits {
  const seconds = Number(text.replace(/s$/, ''));
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 600)
    throw new UsageError('--scan-timeout must be a number of seconds between 1 and 600');
  return { atOnce: 20, seconds, allSeconds: seconds * 30 };
}

function secretsOf(given: readonly string[]): ReadonlyMap<string, string> {
  if (given.length === 0)
    throw new UsageError(
      '--credentials-secret NAME is required: the Secret with the private key that logs in to the hosts',
    );
  const pairs = given.map(
    (one) => [one.slice(0, Math.max(0, one.lastIndexOf('='))), one.slice(one.lastIndexOf('=') + 1)] as const,
  );
  const wrong = pairs.find(([, name]) => name.length > 253 || !objectName.test(name));
  if (wrong) throw new UsageError('--credentials-secret must be the name of a Secret, or KEYFILE=NAME');
  return new Map(pairs);
}

function labelsOf(given: readonly string[]): Record<string, string> {
  const pairs = given.map((one) => {
    const [, key = '', value = ''] = /^([^=]*)=(.*)$/s.exec(one) ?? [];
    if (!labelKey.test(key) || !labelValue.test(value))
      throw new UsageError('--label must have the form KEY=VALUE, as `kubectl label` takes it');
    return [key, value] as const;
  });
  return Object.fromEntries(pairs);
}
