/** Logs as JSON lines on standard output. Whatever looks like a key, a token or a password is blotted out, wherever it stands. */
import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';

const SECRET_FIELDS = [
  'password',
  'token',
  'secret',
  'privateKey',
  'ssh-privatekey',
  'authorization',
  'data',
  'stringData',
];
const REDACTED = '[redacted]';

/** Each finds a secret within a line of JSON, in which quotes and line ends are escaped. */
const SECRETS: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[^"]*?(-----END [A-Z0-9 ]*PRIVATE KEY-----|(?="))/g, REDACTED],
  [/\b(Bearer|Basic) [A-Za-z0-9._~+/=-]{8,}/gi, `$1 ${REDACTED}`],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, REDACTED],
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/g, REDACTED],
  [/\bAGE-SECRET-KEY-1[A-Z0-9]+/g, REDACTED],
  [
    /(password|passwd|passphrase|secret|token|api[_-]?key)(\\?["']?\s*[=:]\s*\\?["']?)[^\s"'\\,;&]{4,}/gi,
    `$1$2${REDACTED}`,
  ],
];

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export function createLog(level: LogLevel, destination?: DestinationStream): Logger {
  const paths = SECRET_FIELDS.flatMap((field) =>
    field.includes('-') ? [`["${field}"]`, `*["${field}"]`] : [field, `*.${field}`],
  );
  const options = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths, censor: REDACTED },
    hooks: { streamWrite: redact },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** The line without what looks like a secret. */
export function redact(line: string): string {
  return SECRETS.reduce((text, [secret, instead]) => text.replace(secret, instead), line);
}
