/** The objects of a kind, as a reflector asks the apiserver for them. */
import type { Client } from './client.ts';
import { Received } from '../lib/received.ts';
import type { Kind } from '../api/kind.ts';
import type { Source } from './watch.ts';

/** In one namespace, or in all. */
export function sourceOf(client: Client, kind: Kind, namespace: string): Source {
  let gathered: Received | undefined = undefined;
  return {
    async list(from, signal) {
      gathered ??= new Received();
      const page = await client.list(kind, namespace, from, { signal, gathered });
      if (page.continue === '') gathered = undefined;
      return page;
    },
    watch: (how, onData, signal) => client.watch(kind, namespace, { ...how, signal }, onData),
  };
}
