/** The objects of a kind, as a reflector asks the apiserver for them. */
import type { Client } from './client.ts';
import type { Kind } from '../api/kind.ts';
import { Gathered } from './page.ts';
import type { Source } from './watch.ts';

/** In one namespace, or in all. */
export function sourceOf(client: Client, kind: Kind, namespace: string): Source {
  let gathered: Gathered | undefined = undefined;
  return {
    async list(from, signal) {
      gathered ??= new Gathered();
      const page = await client.list(kind, namespace, from, { signal, gathered });
      if (page.continue === '') gathered = undefined;
      return page;
    },
    watch: (how, onData, signal) => client.watch(kind, namespace, { ...how, signal }, onData),
  };
}
