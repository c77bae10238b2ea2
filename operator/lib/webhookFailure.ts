/** What the apiserver says of a webhook that it could not ask, in words for people. Pure. */

/** Undefined for what is said of something else. */
export function webhookFailure(message: string): string | undefined {
  const [, name, why = ''] = /failed calling webhook "([^"]*)": (.*)$/s.exec(message) ?? [];
  if (name !== undefined) return `the webhook ${name} ${failureOf(why)}; fix it, or the configuration that calls it`;
  const [, version, kind, reason = ''] =
    /conversion webhook for ([^ ,]+), Kind=(\w+) failed: (.*)$/s.exec(message) ?? [];
  if (kind === undefined) return undefined;
  return `the webhook that converts ${kind} of ${version} ${failureOf(reason)}; fix it, or the CRD that names it`;
}

function failureOf(reason: string): string {
  // The address says for how long was waited.
  const why = reason.replace(/"https?:[^"]*"/g, '');
  if (/deadline exceeded|Client\.Timeout|i\/o timeout|timed? ?out/i.test(why)) return 'does not respond in time';
  if (/x509|certificate|tls:/i.test(why)) return 'has a certificate that is not trusted';
  if (/no endpoints|service "[^"]*" not found/.test(why)) return 'has no Service with endpoints';
  if (/refused|no such host|no route|unreachable|EOF|reset by peer/i.test(why)) return 'cannot be reached';
  return 'fails';
}
