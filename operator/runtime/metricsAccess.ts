/**
 * Who may read metrics, which name namespaces and baselines: whoever is on this machine, and whoever the apiserver knows by a
 * bearer token and allows to get /metrics, as kube-rbac-proxy and controller-runtime have it.
 */
import type { Kind } from '../api/kind.ts';
import { sha256 } from '../lib/digest.ts';
import type { Client } from './client.ts';
import type { Clock } from './clock.ts';

export type Admission =
  | { readonly is: 'allowed' }
  /** `status` is one of HTTP; `message` says what to do. */
  | { readonly is: 'refused'; readonly status: 401 | 403 | 429 | 503; readonly message: string };

/** Whether the bearer of a token, if there is one, may read metrics. */
export type Admit = (token: string | undefined) => Promise<Admission>;

export const TOKEN_REVIEW: Kind = {
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'TokenReview',
  plural: 'tokenreviews',
  namespaced: false,
};
export const ACCESS_REVIEW: Kind = {
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SubjectAccessReview',
  plural: 'subjectaccessreviews',
  namespaced: false,
};

const KEPT_MILLISECONDS = 60_000;
const MOST_KEPT = 256;
/** Tokens cost the sender nothing, and the apiserver two requests. */
const MOST_AT_ONCE = 4;

interface User {
  readonly username?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

const refused = (status: 401 | 403 | 429 | 503, message: string): Admission => ({ is: 'refused', status, message });
const noToken = refused(401, 'Metrics need a bearer token, such as that of `kubectl create token`.');

/** Asks the apiserver, and keeps its answers for a minute. */
export function byTokenReview(client: Pick<Client, 'create'>, clock: Clock): Admit {
  const kept = new Map<string, { readonly until: number; readonly admission: Admission }>();
  let asking = 0;
  return async (token) => {
    if (!token) return noToken;
    const key = sha256(token);
    const known = kept.get(key);
    if (known && known.until > clock.elapsed()) return known.admission;
    if (asking >= MOST_AT_ONCE) return refused(429, 'Too many tokens at once; try again.');
    asking++;
    try {
      const admission = await reviewed(client, token);
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(key, { until: clock.elapsed() + KEPT_MILLISECONDS, admission });
      return admission;
    } catch (error) {
      return refused(503, `The apiserver could not check the token: ${(error as Error).message}`);
    } finally {
      asking--;
    }
  };
}

async function reviewed(client: Pick<Client, 'create'>, token: string): Promise<Admission> {
  const who = await ask<{ authenticated?: boolean; user?: User }>(client, TOKEN_REVIEW, { token });
  if (!who.authenticated || !who.user?.username) return refused(401, 'The apiserver does not know this token.');
  const { username: user, uid, groups, extra } = who.user;
  const nonResourceAttributes = { path: '/metrics', verb: 'get' };
  const { allowed } = await ask<{ allowed?: boolean }>(client, ACCESS_REVIEW, {
    ...{ user, uid, groups, extra },
    nonResourceAttributes,
  });
  if (allowed) return { is: 'allowed' };
  const role = 'a ClusterRole with `nonResourceURLs: [/metrics]` and `verbs: [get]`';
  return refused(403, `${user} may not get /metrics; bind ${role} to it.`);
}

/** The status of a review: what the apiserver answers. */
export async function ask<S>(client: Pick<Client, 'create'>, kind: Kind, spec: object): Promise<S> {
  const body = { apiVersion: `${kind.group}/${kind.version}`, kind: kind.kind, metadata: { name: '' }, spec };
  const answer = await client.create(kind, body, { manager: 'holdfast', signal: AbortSignal.timeout(10_000) });
  return (answer['status'] ?? {}) as S;
}
