/**
 * Connections to one server, of undici. Its package loads all that a browser has besides, which takes 20 MB and a quarter of
 * the start: these are its two modules that are needed.
 */
import type * as undici from 'undici';
// @ts-expect-error undici has types for its package, not for its modules.
import untypedRequest from 'undici/lib/api/api-request.js';
// @ts-expect-error As above.
import untypedPool from 'undici/lib/dispatcher/pool.js';

export const Pool = untypedPool as typeof undici.Pool;
export type Pool = undici.Pool;

/** `pool.request` of the package. */
export const send = (pool: Pool, options: undici.Dispatcher.RequestOptions): Promise<undici.Dispatcher.ResponseData> =>
  (untypedRequest as Pool['request']).call(pool, options) as Promise<undici.Dispatcher.ResponseData>;
