/** What an answer of S3 means: a reason, a sentence, and whether the same may succeed later. What the server writes is not repeated. Pure. */
import { StoreError, type StoreReason } from './types.ts';

export interface Place {
  /** Name of the endpoint in the configuration of the operator. */
  readonly endpoint: string;
  readonly bucket: string;
}

export interface Failure {
  readonly error: unknown;
  /** The request was refused for a reason that may pass. */
  readonly isPassing: boolean;
  /** Whether it was carried out is not known. */
  readonly isAmbiguous: boolean;
}

interface Answered {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

type Meaning = readonly [StoreReason, string];

const keyAdvice = 'correct the keys in its Secret, or grant them the rights that the page about EvidenceStores lists';

const clockAdvice = 'set the clocks of the operator and of the object store by NTP';

const byCode: Readonly<Record<string, Meaning>> = {
  AccessDenied: ['Denied', `refuses access; ${keyAdvice}`],
  AllAccessDisabled: ['Denied', `refuses access; ${keyAdvice}`],
  InvalidAccessKeyId: ['Denied', 'does not know the access key; correct `accessKeyId` in its Secret'],
  XAdminUserNotFound: ['Denied', 'does not know the access key; correct `accessKeyId` in its Secret'],
  SignatureDoesNotMatch: ['Denied', 'refuses the secret key; correct `secretAccessKey` in its Secret'],
  ExpiredToken: ['Denied', 'says that the session has expired; renew the keys in its Secret'],
  InvalidToken: ['Denied', 'refuses the session token; correct `sessionToken` in its Secret'],
  NoSuchBucket: ['NotFound', 'does not exist; create it, or correct `bucket`'],
  QuotaExceeded: ['Full', 'is full; raise its quota'],
  XMinioStorageFull: ['Full', 'is full; add capacity to the object store'],
  InsufficientStorage: ['Full', 'is full; add capacity to the object store'],
  EntityTooLarge: ['Full', 'does not take objects of that size; raise the limit of the object store'],
  BadDigest: ['Altered', 'received other bytes than were sent; find out what changes them on the way'],
  XAmzContentSHA256Mismatch: ['Altered', 'received other bytes than were sent; find out what changes them on the way'],
  PreconditionFailed: ['Exists', 'has an object with that key already; choose another key'],
  RequestTimeTooSkewed: ['Unavailable', `refuses the time of requests; ${clockAdvice}`],
  AuthorizationHeaderMalformed: [
    'Invalid',
    'is in another region; ask whoever installs the operator to correct `region` of the object store',
  ],
  InvalidBucketName: ['Invalid', 'is not a valid name; correct `bucket`'],
};

const passing = new Set([
  'RequestTimeTooSkewed',
  'SlowDown',
  'InternalError',
  'ServiceUnavailable',
  'RequestTimeout',
  'IncompleteBody',
  'ConditionalRequestConflict',
  'OperationAborted',
  'BadDigest',
]);

export function failureOf(error: unknown, place: Place, isLocking: boolean): Failure {
  if (error instanceof StoreError) {
    const isSlow = error.reason === 'Slow';
    return {
      error: isSlow ? new StoreError('Slow', `${named(place)}: ${error.message}; ${laterAdvice}`) : error,
      isPassing: isSlow,
      isAmbiguous: isSlow || error.reason === 'Invalid',
    };
  }
  const { $metadata, name = '' } = error as Answered;
  const status = $metadata?.httpStatusCode;
  if (status === undefined) return unanswered(error as Answered, place);
  const [reason, words] = meaningOf(error as Answered, status, isLocking);
  return {
    error: new StoreError(reason, `${named(place)} ${words}`, { cause: error }),
    isPassing: passing.has(name) || status >= 500 || status === 429 || status === 409,
    // A gateway says 5xx of what it has passed on as well; a good answer that cannot be read says nothing.
    isAmbiguous: status >= 500 || status < 300,
  };
}

export function named({ endpoint, bucket }: Place): string {
  return `bucket ${bucket} of object store ${endpoint}`;
}

/** Whether the answer says that there is no such object. Of a 404 without this, it may be the bucket, the account or a proxy that is wrong. */
export function isMissing(error: unknown): boolean {
  const { name = '' } = error as Answered;
  return ['NoSuchKey', 'NoSuchVersion'].includes(name);
}

/** HEAD has no body that could say more; 405 is the answer for the mark of a deletion. */
export function mayBeMissing(error: unknown): boolean {
  const status = (error as Answered).$metadata?.httpStatusCode;
  return status === 404 || status === 405;
}

const laterAdvice = 'it will be retried; if this stays, check the object store and the network to it';

function meaningOf({ name = '', message = '' }: Answered, status: number, isLocking: boolean): Meaning {
  if (isLocking && /^Invalid(Request|Argument)$/.test(name) && /retain.*future/i.test(message))
    return ['LockRefused', `says that locks end in the past; ${clockAdvice}`];
  if (/x-amz-checksum/i.test(message) && /unsupported|not supported|not implemented|unknown/i.test(message))
    return [
      'Invalid',
      'does not know x-amz-checksum-sha256; ask whoever installs the operator to set `checksums: Md5`, or use another object store',
    ];
  if (isLocking && isAboutLock(name, message, status))
    return ['LockRefused', 'refuses to lock objects; create a bucket with object lock, since it cannot be added later'];
  const known = Object.hasOwn(byCode, name) ? byCode[name] : undefined;
  if (known) return known;
  if (status === 412) return byCode['PreconditionFailed'] as Meaning;
  if (status === 507) return byCode['InsufficientStorage'] as Meaning;
  if (status === 401 || status === 403) return byCode['AccessDenied'] as Meaning;
  if (status >= 300 && status < 400)
    return [
      'Invalid',
      'is elsewhere, and redirects are not followed; ask whoever installs the operator to correct the address or `region`',
    ];
  if (status === 501)
    return [
      'Invalid',
      'does not support what is needed; ask whoever installs the operator to set `checksums: Md5`, or use another object store',
    ];
  const said = /^[A-Za-z0-9]{1,64}$/.test(name) ? `${status} ${name}` : String(status);
  if (status === 404) return ['NotFound', `answers ${said}; check \`bucket\``];
  if (status >= 500 || status === 429 || status === 409) return ['Unavailable', `answers ${said}; ${laterAdvice}`];
  if (status < 300) return ['Unavailable', `sends an answer that cannot be understood; ${laterAdvice}`];
  return ['Invalid', `answers ${said}; look it up in the documentation of the object store`];
}

function isAboutLock(name: string, message: string, status: number): boolean {
  if (/^(ObjectLock|InvalidRetention|NoSuchObjectLock)/.test(name) || status === 501) return true;
  return /^Invalid(Request|Argument|BucketObjectLock)/.test(name) && /object ?lock|retention|retain/i.test(message);
}

const untrusted =
  /CERT|SELF_SIGNED|UNABLE_TO_|TLS|ERR_SSL|^INVALID_(CA|PURPOSE)$|^PATH_LENGTH_EXCEEDED$|^HOSTNAME_MISMATCH$/;
const neverConnected = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;

/** Nothing was answered: of a connection that never was, nothing was carried out. */
function unanswered(error: Answered, place: Place): Failure {
  const { code = '' } = error;
  const isUntrusted = untrusted.test(code);
  return {
    error: new StoreError('Unavailable', `${named(place)} ${connectionWords(code, isUntrusted)}`, { cause: error }),
    isPassing: !isUntrusted,
    isAmbiguous: !isUntrusted && !neverConnected.test(code),
  };
}

function connectionWords(code: string, isUntrusted: boolean): string {
  if (isUntrusted)
    return 'has a certificate that is not trusted; ask whoever installs the operator to correct `caFile`';
  if (code === 'EPROTO')
    return 'does not use TLS as it has to; ask whoever installs the operator to correct `endpoint`';
  return `cannot be reached${/^[A-Z_]{1,40}$/.test(code) ? ` (${code})` : ''}; ${laterAdvice}`;
}
