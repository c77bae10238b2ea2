/** Opens the connector to the Prometheus servers that the operator is configured with. */
import { Asking } from './asking.ts';
import type { CircuitOptions } from './circuit.ts';
import { askFresh } from './fresh.ts';
import { noAnswer } from './noAnswer.ts';
import type { Server } from './server.ts';
import { single } from './single.ts';
import type { AskMetrics, AskValue, MetricsAnswer, MetricsQuery } from './types.ts';

export interface PrometheusOptions extends CircuitOptions {
  readonly servers: readonly Server[];
  /** Told of every query to a server that there is: `answer`, or the reason why there was none. */
  readonly onQuery?: (server: string, result: string, seconds: number) => void;
}

export interface Prometheus {
  readonly askMetrics: AskMetrics;
  readonly askValue: AskValue;
}

export function openPrometheus({ servers, onQuery, ...options }: PrometheusOptions): Prometheus {
  const known = new Map(servers.map((server) => [server.name, new Asking(server, options)]));
  const usual = servers.find(({ isDefault }) => isDefault)?.name;
  const askMetrics = async (query: MetricsQuery, signal: AbortSignal): Promise<MetricsAnswer> => {
    signal.throwIfAborted();
    const name = query.server ?? usual ?? '';
    const server = known.get(name);
    if (!server) return unknownServer(query.server, servers.length > 0);
    const begun = options.elapsed();
    const answer = await server.ask(query, signal);
    onQuery?.(name, answer.is === 'answer' ? 'answer' : answer.reason, (options.elapsed() - begun) / 1000);
    return answer;
  };
  return {
    askMetrics,
    askValue: async ({ maxAgeSeconds, ...query }, signal) =>
      maxAgeSeconds === undefined
        ? single(await askMetrics(query, signal))
        : askFresh(askMetrics, query, { maxAgeSeconds }, signal),
  };
}

/** Names of servers are not listed: they may say more than whoever asks is to know. */
function unknownServer(name: string | undefined, hasServers: boolean): MetricsAnswer {
  const advice = 'ask whoever installs the operator to configure it with `--prometheus-servers`';
  if (name !== undefined)
    return noAnswer('UnknownServer', `there is no Prometheus server ${name}; correct the name, or ${advice}`);
  return hasServers
    ? noAnswer('UnknownServer', 'none of the Prometheus servers is the default; name one in `server`')
    : noAnswer('UnknownServer', `there is no Prometheus server; ${advice}`);
}
