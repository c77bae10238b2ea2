/**
 * Hosts are reached only at addresses that they may have, and whoever has not shown that a host is theirs learns nothing about the network.
 *
 * Until a host has proved a declared host key, whatever keeps it from doing so is one answer, after one time: a name that does not resolve
 * or leads where it may not, a closed port, a filtered one, another server, another key. The reason goes to `onConcealed`. A proof
 * is for one namespace, one address and the very keys that were declared: a name that leads elsewhere later must prove them again.
 */
import { isIP } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { digestOf } from '../../lib/digest.ts';
import type { FindAddress } from '../network/addresses.ts';
import { failed } from './failure.ts';
import { refusalOf } from './refusal.ts';
import type { AddressedTarget, Failed, Ssh, SshClient, SshFailure, SshTarget } from './types.ts';

export interface Guards {
  readonly findAddress: FindAddress;
  /** Why there was no answer, where the answer does not say. */
  readonly onConcealed: (target: SshTarget, failure: Failed) => void;
  /** When a host that has proved nothing is said not to answer: more than resolving and connecting may take together; 15 by default. */
  readonly answerSeconds?: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

/** OpenSSH fails like this only after the host has proved a declared key. */
const afterProof: readonly SshFailure[] = [
  'AuthenticationFailed',
  'BecomeDenied',
  'OutputTooLarge',
  'CredentialsUnusable',
];
const mostProofs = 50_000;

export function guarded(ssh: SshClient, guards: Guards): Ssh {
  return new GuardedSsh(ssh, guards);
}

class GuardedSsh implements Ssh {
  readonly #ssh: SshClient;
  readonly #guards: Guards;
  readonly #now: () => number;
  /** In the order in which they were last proved. */
  readonly #proofs = new Set<string>();

  constructor(ssh: SshClient, guards: Guards) {
    this.#ssh = ssh;
    this.#guards = guards;
    this.#now = guards.now ?? (() => performance.now());
  }

  async execute(...[target, request, signal]: Parameters<Ssh['execute']>): ReturnType<Ssh['execute']> {
    const began = this.#now();
    const located = await this.#locate(target, began, signal);
    if (located.is === 'failed') return located;
    const answer = await this.#ssh.execute(located.target, request, signal);
    const proof = proofOf(located.target);
    if (answer.is === 'answered' || afterProof.includes(answer.reason)) this.#remember(proof);
    if (answer.is === 'answered' || answer.reason === 'ClientUnusable' || this.#proofs.has(proof)) return answer;
    return this.#concealed(target, answer, began, signal);
  }

  locate(target: SshTarget, signal: AbortSignal): ReturnType<Ssh['locate']> {
    return this.#locate(target, this.#now(), signal);
  }

  close(): Promise<void> {
    return this.#ssh.close();
  }

  async #locate(target: SshTarget, began: number, signal: AbortSignal): ReturnType<Ssh['locate']> {
    signal.throwIfAborted();
    const refusal = refusalOf(target);
    if (refusal) return refusal;
    const found = await this.#guards.findAddress(target, signal);
    if (found.is === 'found') return { is: 'located', target: { ...target, address: found.address } };
    const failure = failed(found.reason, found.message);
    // Whoever writes an address knows it.
    return isIP(target.host) ? failure : this.#concealed(target, failure, began, signal);
  }

  async #concealed(target: SshTarget, failure: Failed, began: number, signal: AbortSignal): Promise<Failed> {
    this.#guards.onConcealed(target, failure);
    const { answerSeconds = 15 } = this.#guards;
    const left = began + answerSeconds * 1000 - this.#now();
    // The operator may end meanwhile.
    if (left > 0) await delay(left, undefined, { signal, ref: false }).catch(() => signal.throwIfAborted());
    return notVerified(target);
  }

  #remember(proof: string): void {
    this.#proofs.delete(proof);
    this.#proofs.add(proof);
    const [oldest] = this.#proofs;
    if (oldest !== undefined && this.#proofs.size > mostProofs) this.#proofs.delete(oldest);
  }
}

function proofOf({ id, host, address, port, hostKeys, hostCertificateAuthorities }: AddressedTarget): string {
  return digestOf({ address, host, hostCertificateAuthorities, hostKeys, namespace: id.split('/')[0], port });
}

function notVerified({ id, host, port, hostCertificateAuthorities }: SshTarget): Failed {
  const proof = hostCertificateAuthorities.length ? 'a certificate of a declared authority' : 'a declared host key';
  return failed(
    'NotVerified',
    `${host} port ${port} did not respond as an SSH server with ${proof}; compare spec.ssh with the host, its network and its sshd: the log of the operator has the exact reason for ${id}`,
  );
}
