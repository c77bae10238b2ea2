/** Why the operator cannot start, in one sentence for whoever started it. Pure. */

const sentences: Record<string, (path: string) => string> = {
  EADDRINUSE: () => 'the address of --listen is in use; end what listens there, or choose another port',
  EADDRNOTAVAIL: () => 'this machine has no such address as --listen says; choose another, such as 0.0.0.0:8080',
  EACCES: (path) =>
    `${path || 'the address of --listen'} must not be used by this account; choose another, or grant it`,
  EPERM: (path) => `${path} must not be used by this account; choose another, or grant it`,
  ENOENT: (path) => `${path} does not exist; name another, or create it`,
  ENOTDIR: (path) => `${path} lies in something that is no folder; name another`,
  EISDIR: (path) => `${path} is a folder, and a file is needed; name another`,
  EROFS: (path) => `${path} lies where nothing can be written; name another`,
  ENOSPC: (path) => `${path} cannot be written, because the disk is full`,
};

/** Without a trailing period, as commands say it. */
export function startProblem(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('message' in error)) return String(error);
  const { code = '', path = '', message } = error as NodeJS.ErrnoException;
  const known = sentences[code]?.(path);
  if (known) return known;
  // Of the parser of arguments: what follows its first sentence is advice for programmers.
  const [first = ''] = code.startsWith('ERR_PARSE_ARGS') ? message.split('. ') : [message];
  const help = code.startsWith('ERR_PARSE_ARGS') ? '; see --help' : '';
  return `${first.charAt(0).toLowerCase()}${first.slice(1).replace(/\.$/, '')}${help}`;
}
