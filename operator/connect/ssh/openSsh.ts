/**
 * Runs scripts on hosts through the system's OpenSSH client, over a bounded number of connections that stay open between requests.
 *
 * Host keys are always checked against those that the target pins. A connection is only ever shared by requests to the very same
 * target: same account, same credentials, same pinned keys. Keys are in files that only this process can read, for as long as a
 * client may need them, and never in arguments or the environment. Whatever a host does, a request ends within its time, which begins
 * when it is its turn: requests for targets of many namespaces get turns in rotation.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf } from '../../lib/digest.ts';
import { Gate } from '../../lib/gate.ts';
import { AnswerMemory, type Portion } from './answerMemory.ts';
import { clientArguments, knownHosts, type ClientTimes } from './arguments.ts';
import { runOverChannel } from './channel.ts';
import { Clients } from './client.ts';
import { failureOf } from './failure.ts';
import { ConnectionPool, type Place } from './pool.ts';
import { PrivateFiles } from './privateFiles.ts';
import { certificateText, privateKeyText } from './privateKey.ts';
import { refusalOf } from './refusal.ts';
import { remoteCommand, remoteInput } from './remoteCommand.ts';
import type { ClientEnd } from './shell.ts';
import { StateFolder } from './stateFolder.ts';
import type { AddressedTarget, SshAnswer, SshClient, SshRequest } from './types.ts';

export interface SshOptions {
  /** Where the connector makes a private folder; what ended processes left there is cleared away. */
  readonly folder: string;
  /** Connections that stay open between requests, each a process of some megabytes; 64 by default. */
  readonly maxConnections?: number;
  /** Requests at once; 400 by default, of which a namespace alone has half: as many as a run has hosts. */
  readonly maxRequests?: number;
  /** For all answers that come in at the same time; 128 MiB by default, of which a namespace alone has half. */
  readonly answerBytes?: number;
  /** How long they stay open without use; 90 by default. */
  readonly idleSeconds?: number;
  /** For connecting, within the time of the request; 10 by default. */
  readonly connectTimeoutSeconds?: number;
  /** Clients that can run at once without a process of this size being forked for them; none by default. Each waits in 130 kB. */
  readonly readyClients?: number;
  /** The client; `ssh` by default. */
  readonly command?: string;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

/** After this time a persistent connection is replaced by a new one. */
const lifetimeSeconds = 600;

/** Throws a sentence when the folder cannot be made, or may be somebody else's. */
export function openSsh(options: SshOptions): SshClient {
  return new OpenSsh(options);
}

class OpenSsh implements SshClient {
  readonly #folder: StateFolder;
  readonly #clients: Clients;
  readonly #pool: ConnectionPool;
  readonly #gate: Gate;
  readonly #memory: AnswerMemory;
  readonly #times: ClientTimes;
  readonly #now: () => number;
  /** The requests at work, each with what ends it early. */
  readonly #running = new Map<AbortController, Promise<SshAnswer>>();
  #closed = false;

  constructor(options: SshOptions) {
    const { folder, maxConnections = 64, maxRequests = 400, idleSeconds = 90, connectTimeoutSeconds = 10 } = options;
    this.#gate = new Gate(maxRequests);
    this.#memory = new AnswerMemory(options.answerBytes ?? 128 * 1024 * 1024);
    this.#folder = new StateFolder(folder);
    this.#now = options.now ?? (() => performance.now());
    this.#clients = new Clients(
      options.command ?? 'ssh',
      this.#folder.path,
      new PrivateFiles(this.#folder.path),
      this.#now,
    );
    this.#clients.prepare(options.readyClients ?? 0);
    this.#pool = new ConnectionPool({
      maxConnections,
      idleMilliseconds: idleSeconds * 1000,
      lifetimeMilliseconds: lifetimeSeconds * 1000,
    });
    this.#times = { idleSeconds, connectTimeoutSeconds };
  }

  async execute(target: AddressedTarget, request: SshRequest, signal: AbortSignal): Promise<SshAnswer> {
    signal.throwIfAborted();
    if (this.#closed) throw new Error('The SSH connector is closed, because the operator is shutting down.');
    const refusal = refusalOf(target);
    if (refusal) return refusal;
    const stop = new AbortController();
    const abort = (): void => stop.abort(signal.reason);
    signal.addEventListener('abort', abort);
    const work = this.#gate.run(groupOf(target), () => this.#run(target, request, stop.signal), stop.signal);
    this.#running.set(stop, work);
    try {
      return await work;
    } finally {
      this.#running.delete(stop);
      signal.removeEventListener('abort', abort);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const stop of this.#running.keys())
      stop.abort(new Error('The SSH connector was closed before the host responded.'));
    await Promise.allSettled(this.#running.values());
    await this.#clients.close();
    this.#folder.remove();
  }

  async #run(target: AddressedTarget, request: SshRequest, signal: AbortSignal): Promise<SshAnswer> {
    const key = digestOf(target);
    const { place, close } = this.#pool.enter(key, this.#now());
    const portion = this.#memory.open(groupOf(target));
    let sound = false;
    try {
      this.#end(close);
      const end = await this.#runOver(place, target, { ...request, portion }, signal);
      const failure = failureOf(end, target, request);
      sound = !failure || failure.reason === 'BecomeDenied';
      return failure ?? { is: 'answered', output: end.output, exitCode: end.exitCode ?? 0, errors: end.errors };
    } finally {
      portion.close();
      if (place) this.#end(this.#pool.leave(place, this.#now(), sound));
      else if (!sound) this.#pool.forget(key);
    }
  }

  /** Over the connection of the place, or by a client, which connects when there is none. */
  async #runOver(
    place: Place | undefined,
    target: AddressedTarget,
    request: SshRequest & { readonly portion: Portion },
    signal: AbortSignal,
  ): Promise<ClientEnd> {
    const began = this.#now();
    const command = remoteCommand(target.become, request);
    const milliseconds = request.timeoutSeconds * 1000;
    const { maxBytes, portion } = request;
    const bounds = { input: remoteInput(request), maxBytes, portion, milliseconds };
    if (place?.established) {
      const end = await runOverChannel({ ...bounds, socket: join(this.#folder.path, place.socket), command }, signal);
      if (end) return end;
      // What is left of the connection would be in the way of the next.
      this.#end([place.socket]);
      bounds.milliseconds = Math.max(1, milliseconds - (this.#now() - began));
    }
    const { privateKey, certificate } = target;
    const client = {
      group: groupOf(target),
      knownHosts: knownHosts(target),
      secrets: [privateKeyText(privateKey), ...(certificate ? [certificateText(certificate)] : [])],
      arguments: (hosts: string, [key = '', proof]: readonly string[]) => {
        const files = { knownHosts: hosts, privateKey: key, certificate: proof };
        return [...clientArguments(target, files, this.#times, place?.socket), command];
      },
    };
    return this.#clients.run({ ...bounds, ...client }, signal);
  }

  #end(sockets: readonly string[]): void {
    for (const socket of sockets) if (existsSync(join(this.#folder.path, socket))) this.#folder.endConnection(socket);
  }
}

/** Those of a namespace share turns. */
function groupOf({ id }: AddressedTarget): string {
  return id.split('/', 1)[0] ?? '';
}
