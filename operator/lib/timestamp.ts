/** Times as Kubernetes writes them. Pure. */

/** RFC 3339 in whole seconds. */
export function timestamp(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}
