/** Why the operator cannot start, in one sentence for whoever started it. Pure. */

const sentences: Record<string, (path: string) => string> = {
  EADDRINUSE: () => 'the address of --listen is in use; stop the process that listens there, or choose another port',
  EADDRNOTAVAIL: () => 'this machine does not have the address of --listen; choose another, such as 0.0.0.0:8080',
  EACCES: (path) =>
    `permission denied: ${path || 'the address of --listen'}; choose another, or grant this account access to it`,
  EPERM: (path) => `permission denied: ${path}; choose another, or grant this account access to it`,
  ENOENT: (path) => `${path} does not exist; create it, or choose another`,
  ENOTDIR: (path) => `${path} has a parent that is not a directory; choose another`,
  EISDIR: (path) => `${path} is a directory, but must be a file; choose another`,
  EROFS: (path) => `${path} is on a read-only file system; choose another`,
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
