/** A connection to the cluster of a kubeconfig, with the rights of the person whose it is. */
import { connect } from '../../runtime/connection.ts';
import { Client } from '../../runtime/client.ts';
import { systemClock } from '../../runtime/clock.ts';
import { Http } from '../../runtime/http.ts';
import { ownVersion } from '../../wiring/version.ts';
import { Failure, type Cluster, type Where } from '../command.ts';

/** Longest silence of the apiserver; whoever asks may have a shorter limit. */
const timeoutSeconds = 30;
/** So many at once are what client-go allows itself in a burst. */
const connections = 10;

export async function connected({ kubeconfig, context }: Where): Promise<Cluster> {
  const connection = await connect({ clock: systemClock, environment: process.env, kubeconfig, context }).catch(
    (error: unknown) => {
      throw new Failure(`${(error as Error).message}`);
    },
  );
  let date: string | undefined;
  const options = {
    userAgent: `kubectl-holdfast/${ownVersion()}`,
    timeoutSeconds,
    connections,
    onRequest: (_verb: string, _code: string, at?: string) => void (date = at ?? date),
  };
  const client = new Client(connection, options);
  const http = new Http(connection, options);
  return {
    client,
    http,
    clock: systemClock,
    namespace: connection.namespace,
    date: () => (date === undefined ? undefined : new Date(date)),
    close: async () => {
      await Promise.all([client.close(), http.close()]);
    },
  };
}
