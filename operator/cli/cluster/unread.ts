/** Why something could not be read, as a fragment, and with which word: for reports that say what they lack. Pure. */
import { ApiError, NoResponse, hasStatus } from '../../runtime/apiError.ts';

export type Cause = 'Forbidden' | 'TimedOut' | 'NoResponse' | 'Error';

export interface Unread {
  readonly cause: Cause;
  /** Such as `you may not list pods in namespace holdfast`. */
  readonly message: string;
}

export function unread(error: unknown): Unread {
  if (hasStatus(error, 403)) return { cause: 'Forbidden', message: missingRight(error) };
  if (hasStatus(error, 401))
    return { cause: 'Forbidden', message: 'the apiserver does not accept your credentials; log in again' };
  if (hasStatus(error, 404)) return { cause: 'Error', message: missingKind(error) };
  if (error instanceof ApiError) return { cause: 'Error', message: error.message };
  if (error instanceof NoResponse) return { cause: 'NoResponse', message: withoutAnswer(error) };
  if ((error as Error | undefined)?.name === 'TimeoutError')
    return { cause: 'TimedOut', message: 'the apiserver did not respond in time' };
  return { cause: 'Error', message: `it could not be evaluated: ${(error as Error).message}` };
}

/** The request is of no interest where none would be answered. */
function withoutAnswer({ message }: NoResponse): string {
  const [, server, why] = /no response from (\S+): (.+)$/s.exec(message) ?? [];
  return why === undefined ? message : `${server} does not respond (${why}); check with \`kubectl cluster-info\``;
}

const refusal =
  /cannot (?<verb>\S+) resource "(?<resource>[^"]+)"(?: in API group "(?<group>[^"]*)")?(?: in the namespace "(?<namespace>[^"]+)")?/;

/** Lists fail so where the CRD is missing. */
function missingKind({ message }: ApiError): string {
  const [, group, plural] = /\/apis\/([^/]+)\/[^/]+\/(?:namespaces\/[^/]+\/)?([^/: ]+)/.exec(message) ?? [];
  return plural
    ? `the apiserver does not serve ${plural}.${group}: the operator is older than this plugin, or its CRD is missing; run \`kubectl holdfast doctor\``
    : message;
}

/** The apiserver's sentence in fewer words; as it is where its form is another. */
function missingRight({ said }: ApiError): string {
  const { verb, resource, group, namespace } = refusal.exec(said)?.groups ?? {};
  if (!verb || !resource) return said;
  const what = group ? `${resource}.${group}` : resource;
  return `you may not ${verb} ${what} ${namespace ? `in namespace ${namespace}` : 'in all namespaces'}`;
}

/** What was read in a namespace, or why it was not. */
export type Listed<T> = readonly T[] | { readonly unread: string };

export function itemsOf<T>(read: Listed<T>): readonly T[] {
  return isUnread(read) ? [] : read;
}

export function isUnread<T>(read: Listed<T>): read is { readonly unread: string } {
  return 'unread' in read;
}

/** What only adds to an answer does not keep it from being given. */
export function orUnread<T>(reading: Promise<readonly T[]>): Promise<Listed<T>> {
  return reading.catch((error: unknown) => ({ unread: unread(error).message }));
}
