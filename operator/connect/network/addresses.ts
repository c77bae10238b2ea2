/**
 * From the name of a host to the one address that is connected to: resolved once, and every address of the name checked. Whoever connects
 * uses this very address, so that a name cannot lead elsewhere a moment later.
 */
import { ADDRCONFIG } from 'node:dns';
import { lookup as systemLookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { MayReach } from './networks.ts';
import { Gate } from '../../lib/gate.ts';

export interface Named {
  /** `namespace/name` of what has the host. */
  readonly id: string;
  readonly host: string;
}

export type Found =
  | { readonly is: 'found'; readonly address: string }
  | { readonly is: 'failed'; readonly reason: 'NameNotResolved' | 'AddressDenied'; readonly message: string };

/** Never throws for what a name leads to; rejects when `signal` aborts, with its reason. */
export type FindAddress = (named: Named, signal: AbortSignal) => Promise<Found>;

export interface FinderOptions {
  readonly mayReach: MayReach;
  /** By default 3. */
  readonly timeoutSeconds?: number;
  /** All addresses of a name, in the order in which they are to be tried; by default those of the system. */
  readonly lookup?: (name: string) => Promise<readonly { readonly address: string }[]>;
}

/** As ssh itself resolves names: with /etc/hosts, and by search domains. */
const bySystem = (name: string): Promise<{ address: string }[]> =>
  systemLookup(name, { all: true, order: 'verbatim', hints: ADDRCONFIG });

/** Names that nobody answers for take a thread of the process each, for many seconds, long after nobody waits for them. */
const mostLookups = 16;

export function addressFinder({ mayReach, timeoutSeconds = 3, lookup = bySystem }: FinderOptions): FindAddress {
  const gate = new Gate(mostLookups);

  /** Undefined when there is none in time. */
  async function resolved({ id, host }: Named, signal: AbortSignal): Promise<readonly string[] | Error> {
    const limit = Promise.withResolvers<Error>();
    const timer = setTimeout(
      () => limit.resolve(new Error(`no answer within ${timeoutSeconds} s`)),
      timeoutSeconds * 1000,
    );
    const abort = (): void => limit.resolve(new Error('aborted'));
    signal.addEventListener('abort', abort);
    const late = new AbortController();
    const work = gate
      .run(id.split('/')[0] ?? '', () => lookup(host), late.signal)
      .then(
        (all) => all.map(({ address }) => address),
        (error: NodeJS.ErrnoException) => new Error(error.code ?? error.message),
      );
    try {
      return await Promise.race([work, limit.promise]);
    } finally {
      late.abort(new Error('late'));
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      signal.throwIfAborted();
    }
  }

  return async (named, signal) => {
    const { host } = named;
    const addresses = isIP(host) ? [host] : await resolved(named, signal);
    if (addresses instanceof Error || !addresses[0]) {
      const detail = addresses instanceof Error ? addresses.message : 'it has no address';
      const message = `the name ${host} does not resolve (${detail}); fix spec.ssh.host, or the DNS that the operator uses`;
      return { is: 'failed', reason: 'NameNotResolved', message };
    }
    const denied = addresses.find((address) => !mayReach(address));
    if (denied === undefined) return { is: 'found', address: addresses[0] };
    const what = denied === host ? host : `${host}, which is ${denied},`;
    const message = `the operator may not connect to ${what}; set spec.ssh.host to an address that it may reach, or start the operator with other \`--allowed-networks\` or \`--denied-networks\``;
    return { is: 'failed', reason: 'AddressDenied', message };
  };
}
