/** All changes of one collection from now on, without the proxy, whatever ends the watch. */
import type { Resource } from '../../../operator/api/v1alpha1/shared.ts';
import type { Http } from '../../../operator/runtime/http.ts';

export interface Followed {
  readonly http: Http;
  /** Of the collection, without a query. */
  readonly path: string;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Resolves when nothing can be missed any more; `ended` resolves when it has ended. */
export async function startFollowing<T extends Pick<Resource, 'metadata'>>(
  { http, path, signal }: Followed,
  onChange: (type: string, object: T) => void,
): Promise<{ readonly ended: Promise<void> }> {
  const list = await http.json<{ metadata: { resourceVersion: string } }>({
    verb: 'list',
    method: 'GET',
    path: `${path}?limit=1`,
  });
  return { ended: follow({ http, path, signal }, list.metadata.resourceVersion, onChange) };
}

/** From a version on, for ever; what ends is begun again where it was. */
async function follow<T extends Pick<Resource, 'metadata'>>(
  { http, path, signal }: Followed,
  from: string,
  onChange: (type: string, object: T) => void,
): Promise<void> {
  let version = from;
  let rest = '';
  while (!signal.aborted) {
    rest = '';
    const query = `watch=true&allowWatchBookmarks=true&resourceVersion=${version}&timeoutSeconds=500`;
    await http
      .stream({ verb: 'watch', method: 'GET', path: `${path}?${query}`, signal }, (chunk) => {
        const lines = `${rest}${chunk.toString()}`.split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const { type, object } = JSON.parse(line) as { type: string; object: T };
          version = object.metadata.resourceVersion ?? version;
          onChange(type, object);
        }
      })
      .catch(() => undefined);
  }
}
