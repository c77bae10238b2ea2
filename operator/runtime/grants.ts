/** Rights that the operator has only where somebody grants them: whether it has them, and the commands that grant them. */
import type { Client } from './client.ts';
import type { Grant } from './feature.ts';

/** Where rights are needed: in a namespace, on the object of that name alone where one is given. */
export interface Place {
  readonly namespace: string;
  readonly name?: string;
}

/** The commands that grant the operator these rights there, joined by `&&`; `undefined` when it has them all. */
export async function ungranted(
  client: Pick<Client, 'mayHere' | 'self'>,
  grant: Grant,
  place: Place,
  signal: AbortSignal,
): Promise<string | undefined> {
  const asked = grant.access.flatMap(({ group, resources, verbs }) =>
    resources.flatMap((resource) => verbs.map((verb) => client.mayHere({ group, resource, verb, ...place }, signal))),
  );
  const answers = await Promise.all(asked);
  return answers.every(Boolean) ? undefined : commandsFor(grant, place, await client.self(signal));
}

/** One right on one object needs a Role of its own; otherwise the ClusterRole that is shipped is bound in the namespace. */
export function commandsFor({ name: role, access }: Grant, { namespace, name }: Place, user: string): string {
  const [, account] = /^system:serviceaccount:([^:]+:[^:]+)$/.exec(user) ?? [];
  const subject = account ? `--serviceaccount=${account}` : `--user=${quoted(user)}`;
  const create = `kubectl -n ${namespace} create`;
  const [only, ...more] = access;
  if (name === undefined || !only || more.length)
    return `${create} rolebinding ${role} --clusterrole=${role} ${subject}`;
  const own = `${role}-${name}`;
  const rights = `--verb=${only.verbs.join()} --resource=${only.resources.join()} --resource-name=${name}`;
  return `${create} role ${own} ${rights} && ${create} rolebinding ${own} --role=${own} ${subject}`;
}

function quoted(word: string): string {
  return /^[\w.:@/+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
