/** What a server answered, as the answer to the query. Pure. */
import { bodyIn, resultIn, type Body } from './body.ts';
import { codeOf, noAnswer, said } from './noAnswer.ts';
import type { Received } from '../http/post.ts';
import type { Server } from './server.ts';
import type { MetricsAnswer, NoAnswer } from './types.ts';

export function answerTo(received: Received, server: Server, time: number): MetricsAnswer {
  const who = `Prometheus server ${server.name}`;
  switch (received.is) {
    case 'failed':
      return received.wasConnected && /^(HPE_|ERR_HTTP)/.test(codeOf(received.error))
        ? noAnswer('Malformed', `${who} does not respond in HTTP; check its \`url\``)
        : noAnswer('Down', `${who} does not respond (${codeOf(received.error)}); ${adviceFor(codeOf(received.error))}`);
    case 'tooLarge':
      return noAnswer(
        'TooLarge',
        `the answer of ${who} has more than ${server.maxBytes} bytes; aggregate the query, as with sum(), or raise \`maxBytes\` of the server`,
      );
    case 'received': {
      const { status, isCompressed, body } = received;
      if (isCompressed)
        return noAnswer('Malformed', `the answer of ${who} is compressed, although that was not asked for`);
      return refusedByStatus(status, who) ?? answerIn(bodyIn(body), status, { server, who, time });
    }
  }
}

function adviceFor(code: string): string {
  return /CERT|SIGNATURE|SSL|TLS|EPROTO/.test(code)
    ? 'check the certificate of the server, and `caFile`'
    : 'check that it runs and can be reached from the operator';
}

/** Statuses whose body says nothing more. */
function refusedByStatus(status: number, who: string): NoAnswer | undefined {
  if (status >= 300 && status < 400)
    return noAnswer('Redirected', `${who} redirects, which is not followed; set its \`url\` to where it leads`);
  if (status === 401 || status === 403)
    return noAnswer(
      'Unauthorized',
      `${who} refuses the operator (${status}); check \`tokenFile\`, and what its account may read`,
    );
  if (status === 429)
    return noAnswer('Busy', `${who} has too many queries (429); query less often, or raise its limits`);
  return undefined;
}

interface Asked {
  readonly server: Server;
  readonly who: string;
  readonly time: number;
}

function answerIn(body: Body, status: number, { server, who, time }: Asked): MetricsAnswer {
  if (body.is === 'error') return refused(body, who);
  if (status !== 200) return unexpected(status, who);
  if (body.is === 'malformed')
    return noAnswer('Malformed', `the answer of ${who} cannot be used: ${body.why}; check its \`url\``);
  if (body.warnings.length > 0)
    return noAnswer(
      'Partial',
      `${who} answers with a warning, and so perhaps not in full: ${said(body.warnings[0] ?? '')}`,
    );
  const result = resultIn(body.data, time);
  if (result.is === 'unusable')
    return noAnswer(
      result.reason,
      result.reason === 'BadQuery' ? result.why : `the answer of ${who} cannot be used: ${result.why}`,
    );
  const { series } = result;
  if (series.length > server.maxSamples)
    return noAnswer(
      'TooManySamples',
      `the query results in ${series.length} series, more than ${server.maxSamples}; aggregate it, as with sum(), or raise \`maxSamples\` of the server`,
    );
  return { is: 'answer', series };
}

function unexpected(status: number, who: string): NoAnswer {
  if (status === 504)
    return noAnswer('TimedOut', `${who} was not reached in time by what is before it (504); simplify the query`);
  if (status >= 500) return noAnswer('Down', `${who} does not respond (${status}); check that it runs`);
  return noAnswer('Refused', `${who} refuses the query (${status}); check its \`url\``);
}

/** By the `errorType` of the API; the error is in the words of the server. */
function refused({ type, text }: Extract<Body, { is: 'error' }>, who: string): NoAnswer {
  const error = said(text) || type;
  switch (type) {
    case 'bad_data':
      return noAnswer('BadQuery', `${who} does not accept the query: ${error}`);
    case 'timeout':
    case 'canceled':
      return noAnswer('TimedOut', `${who} did not complete the query in time; select fewer series or a shorter range`);
    case 'unavailable':
      return noAnswer('Down', `${who} is not available: ${error}`);
    case 'too_many_requests':
      return noAnswer('Busy', `${who} has too many queries: ${error}`);
    default:
      return /too many samples|too many series|exceed(s|ed)? .*limit|limit exceeded/i.test(text)
        ? noAnswer(
            'TooManySamples',
            `the query reads more than ${who} allows: ${error}; select fewer series or a shorter range`,
          )
        : noAnswer('Refused', `${who} refuses the query: ${error}`);
  }
}
