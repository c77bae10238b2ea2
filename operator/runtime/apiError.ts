/** What can go wrong between us and the apiserver, as errors whose message is a sentence. */

/** The apiserver answered, and the answer was no. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** Kubernetes' word for it, such as `Conflict`; empty when the answer was not in Kubernetes' form. */
  readonly reason: string;
  /** The apiserver's own words. */
  readonly said: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(what: string, status: number, answer: Answer, retryAfterSeconds?: number) {
    const said = answer.message ?? 'the apiserver gave no reason';
    super(`${what}: ${said} (${status} ${answer.reason ?? ''})`.replace(' )', ')'));
    this.status = status;
    this.said = said;
    this.reason = answer.reason ?? '';
    this.retryAfterSeconds = retryAfterSeconds ?? answer.details?.retryAfterSeconds;
  }
}

/** The part of a `Status` object that is read. */
export interface Answer {
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly retryAfterSeconds?: number };
}

/** The apiserver did not answer, or not to the end. */
export class NoResponse extends Error {
  override readonly name = 'NoResponse';
}

export function hasStatus(error: unknown, ...statuses: readonly number[]): error is ApiError {
  return error instanceof ApiError && statuses.includes(error.status);
}

/** The apiserver did not answer, or could not, or somebody did in its place, such as a load balancer. */
export function isAway(error: unknown): boolean {
  return error instanceof NoResponse || (error instanceof ApiError && error.status >= 500);
}

/** A `Status` object where the body is one; otherwise the body's beginning as the message. */
export function answerOf(body: string): Answer {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && 'kind' in parsed && parsed.kind === 'Status')
      return parsed as Answer;
  } catch {
    // Proxies and overloaded servers answer in plain text.
  }
  return { message: body.trim().slice(0, 300) || undefined };
}
