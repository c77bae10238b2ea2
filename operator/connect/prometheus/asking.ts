/** Queries to one server: whose turn it is, within which limits, and whether it is asked at all. */
import { readFile } from 'node:fs/promises';
import { Gate } from '../../lib/gate.ts';
import { LONGEST_QUERY, confined } from '../../lib/promqlQuery.ts';
import { Circuit, type CircuitOptions } from './circuit.ts';
import { noAnswer } from './noAnswer.ts';
import { PerMinute } from './perMinute.ts';
import { post, type Received } from '../http/post.ts';
import { answerTo } from './reply.ts';
import type { Server } from './server.ts';
import { tokenIn } from './token.ts';
import type { MetricsAnswer, MetricsQuery, NoAnswer } from './types.ts';

/** Part of the time limit that the server itself is given, so that it ends a query that would be abandoned. */
const SERVERS_PART = 0.8;
const MOST_SILENCES = 10_000;

export class Asking {
  readonly #server: Server;
  readonly #options: CircuitOptions;
  readonly #gate: Gate;
  readonly #perMinute: PerMinute;
  /** Of connections: no query of a tenant can make them fail for others. */
  readonly #reach: Circuit;
  /** Of namespaces whose last query was not answered. */
  readonly #silences = new Map<string, Circuit>();

  constructor(server: Server, options: CircuitOptions) {
    this.#server = server;
    this.#options = options;
    this.#gate = new Gate(server.maxConcurrent);
    this.#perMinute = new PerMinute(server.maxQueriesPerMinute, options.elapsed);
    this.#reach = new Circuit(options);
  }

  async ask({ namespace, query, time }: MetricsQuery, signal: AbortSignal): Promise<MetricsAnswer> {
    const { name, tenant, timeoutSeconds, maxQueriesPerMinute } = this.#server;
    signal.throwIfAborted();
    // First of all: parsing takes time, too.
    if (!this.#perMinute.take(namespace))
      return noAnswer(
        'Busy',
        `the namespace has had its ${maxQueriesPerMinute} queries of this minute to Prometheus server ${name}; query less often, or raise \`maxQueriesPerMinute\` of the server`,
      );
    if (query.length > LONGEST_QUERY)
      return noAnswer('BadQuery', `the query is longer than ${LONGEST_QUERY} characters`);
    const allowed = tenant ? confined(query, tenant.label, namespace) : { query };
    if ('problem' in allowed) return noAnswer('BadQuery', allowed.problem);
    const wait = AbortSignal.timeout(timeoutSeconds * 1000);
    try {
      const work = () => this.#inTurn(namespace, { query: allowed.query, time }, signal);
      return await this.#gate.run(namespace, work, AbortSignal.any([signal, wait]));
    } catch (error) {
      if (signal.aborted || error !== wait.reason) throw error;
      return noAnswer(
        'Busy',
        `the query to Prometheus server ${name} waited for its turn for ${timeoutSeconds} s; query less often, or raise \`maxConcurrent\` of the server`,
      );
    }
  }

  async #inTurn(
    namespace: string,
    query: Pick<MetricsQuery, 'query' | 'time'>,
    signal: AbortSignal,
  ): Promise<MetricsAnswer> {
    const standing = this.#reach.standing() ?? this.#silences.get(namespace)?.standing();
    if (standing) return standing;
    const { answer, wasConnected } = await this.#exchange(query, signal);
    this.#remember(namespace, answer, wasConnected);
    return answer;
  }

  #remember(namespace: string, answer: MetricsAnswer, wasConnected: boolean): void {
    const isFailure = answer.is === 'none' && (answer.reason === 'Down' || answer.reason === 'TimedOut');
    if (isFailure && !wasConnected) return this.#reach.failed(answer);
    this.#reach.answered();
    if (!isFailure) return void this.#silences.delete(namespace);
    // Namespaces come and go.
    if (this.#silences.size >= MOST_SILENCES) this.#silences.clear();
    const silence = this.#silences.get(namespace) ?? new Circuit(this.#options);
    this.#silences.set(namespace, silence);
    silence.failed(answer);
  }

  async #exchange(
    { query, time }: Pick<MetricsQuery, 'query' | 'time'>,
    signal: AbortSignal,
  ): Promise<{ readonly answer: MetricsAnswer; readonly wasConnected: boolean }> {
    const { name, url, timeoutSeconds, maxBytes } = this.#server;
    const files = await this.#files();
    if ('is' in files) return { answer: files, wasConnected: true };
    const seconds = time.getTime() / 1000;
    const form = new URLSearchParams({
      query,
      time: seconds.toFixed(3),
      timeout: `${timeoutSeconds * SERVERS_PART * 1000}ms`,
      // Thanos fails rather than to answer by a part of its stores; Prometheus does not know it.
      partial_response: 'false',
    });
    const limit = AbortSignal.timeout(timeoutSeconds * 1000);
    const received = await post(
      {
        ...files,
        url: `${url}/api/v1/query`,
        body: String(form),
        contentType: 'application/x-www-form-urlencoded',
        accept: 'application/json',
        maxBytes,
      },
      AbortSignal.any([signal, limit]),
    );
    signal.throwIfAborted();
    const wasConnected = received.is !== 'failed' || received.wasConnected;
    if (received.is === 'failed' && limit.aborted)
      return { answer: late(name, timeoutSeconds, received), wasConnected };
    return { answer: answerTo(received, this.#server, seconds), wasConnected };
  }

  /** They are renewed by others, so they are read for each query. */
  async #files(): Promise<{ readonly ca: string | undefined; readonly token: string | undefined } | NoAnswer> {
    const { name, caFile, tokenFile } = this.#server;
    try {
      const ca = caFile === undefined ? undefined : await readFile(caFile, 'utf8');
      const token = tokenFile === undefined ? undefined : tokenIn(await readFile(tokenFile, 'utf8'));
      return { ca, token };
    } catch {
      return noAnswer(
        'Unauthorized',
        `the token or the certificates for Prometheus server ${name} cannot be read; check the files in \`tokenFile\` and \`caFile\``,
      );
    }
  }
}

function late(name: string, seconds: number, { wasConnected }: Extract<Received, { is: 'failed' }>): NoAnswer {
  return wasConnected
    ? noAnswer(
        'TimedOut',
        `Prometheus server ${name} did not answer in full within ${seconds} s; select fewer series or a shorter range, or raise \`timeoutSeconds\` of the server`,
      )
    : noAnswer(
        'Down',
        `Prometheus server ${name} accepts no connection within ${seconds} s; check that it runs and can be reached from the operator`,
      );
}
