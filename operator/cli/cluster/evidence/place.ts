/**
 * From where an archive may be downloaded. Whoever can write statuses could put any address into one, encrypted for the key that everyone can read there: so
 * the machine of a user asks no other service than the one that the user named, or Amazon's. Pure.
 */

/** A sentence that says why not, with the command to run next. */
export function whyNotFrom(link: string, endpoint: string | undefined): string | undefined {
  if (!URL.canParse(link))
    return 'The link in the status is not an address; ask whoever operates the cluster who wrote it.';
  const { protocol, host, hostname, username, password } = new URL(link);
  if (username !== '' || password !== '')
    return 'The link in the status contains a password; ask whoever operates the cluster who wrote it.';
  if (endpoint === undefined) {
    if (protocol === 'https:' && /^([a-z0-9-]+\.)*s3([.-][a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/.test(hostname))
      return undefined;
    return `The archive is at ${protocol}//${host}; if that is your object store, run the command again with --s3-endpoint ${protocol}//${host}.`;
  }
  const given = new URL(endpoint);
  // With the bucket in the name of the host, or in the path.
  const isSame = host === given.host || host.endsWith(`.${given.host}`);
  if (isSame && protocol === given.protocol) return undefined;
  return `The archive is at ${protocol}//${host}, and not at ${given.protocol}//${given.host}; find out which is your object store, and give that with --s3-endpoint.`;
}
