/**
 * Stores an object in S3 and reads it back. Whether a write succeeded whose answer was lost is told by a mark that it leaves: so that it is
 * neither done twice, nor taken for that of another.
 */
import { PutObjectCommand, type PutObjectCommandOutput } from '@aws-sdk/client-s3';
import { randomBytes } from 'node:crypto';
import { uploadOf, type Upload } from './s3Body.ts';
import { failureOf, named, type Failure } from './s3Errors.ts';
import { isLockedAs, markName, versionOf } from './s3Facts.ts';
import { attempts, type S3Session } from './s3Session.ts';
import { StoreError, type PutOptions, type Stored, type StoredFile } from './types.ts';

/** What one request stores: of an object in parts, there is no digest of all of it. */
const maxBytes = 5 * 1024 ** 3;

interface Writing {
  readonly key: string;
  readonly upload: Upload;
  readonly mark: string;
  readonly options: PutOptions;
}

export async function putS3(
  session: S3Session,
  {
    key,
    body,
    options,
  }: { readonly key: string; readonly body: Uint8Array | StoredFile; readonly options: PutOptions },
  signal: AbortSignal,
): Promise<Stored> {
  session.at(key);
  signal.throwIfAborted();
  const upload = await uploadOf(body, session.options.server.checksums === 'Md5', signal);
  if (upload.size > maxBytes)
    throw new StoreError('Invalid', `${key} has more than 5 GiB, which one request cannot store; make it smaller`);
  const writing = { key, upload, mark: randomBytes(12).toString('hex'), options };
  return verified(session, writing, await written(session, writing, signal), signal);
}

/** Its version, if the store has versions. */
async function written(session: S3Session, writing: Writing, signal: AbortSignal): Promise<string | undefined> {
  let isInDoubt = false;
  for (let attempt = 1; ; attempt++) {
    const sent = await send(session, writing, signal);
    if (sent.is === 'stored') return sent.versionId;
    isInDoubt ||= sent.isAmbiguous;
    const isTaken = (sent.error as StoreError).reason === 'Exists';
    if (sent.isAmbiguous || (isInDoubt && isTaken)) {
      const found = await session.head(writing.key, undefined, signal);
      if (found?.mark === writing.mark) return found.versionId;
    }
    if (!sent.isPassing || attempt === attempts) throw sent.error;
    await session.backOff(attempt, signal);
  }
}

type Sent = { readonly is: 'stored'; readonly versionId: string | undefined } | ({ readonly is: 'failed' } & Failure);

async function send(session: S3Session, writing: Writing, signal: AbortSignal): Promise<Sent> {
  try {
    const { VersionId } = await upload(session, writing, signal);
    const versionId = versionOf(VersionId);
    if (versionId !== undefined && !/^[\x21-\x7e]{1,1024}$/.test(versionId))
      throw new StoreError('Altered', `${named(session.place)} answers what is not a version; use another store`);
    return { is: 'stored', versionId };
  } catch (error) {
    signal.throwIfAborted();
    return { is: 'failed', ...failureOf(error, session.place, writing.options.retention !== undefined) };
  }
}

function upload(
  session: S3Session,
  { key, upload: { body, size, sha256, md5 }, mark, options }: Writing,
  signal: AbortSignal,
): Promise<PutObjectCommandOutput> {
  const { contentType, ifAbsent, retention } = options;
  const command = new PutObjectCommand({
    ...session.at(key),
    Body: body(),
    ContentLength: size,
    ContentType: contentType,
    Metadata: { [markName]: mark },
    ...(md5 === undefined ? { ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64') } : { ContentMD5: md5 }),
    ...(ifAbsent && { IfNoneMatch: '*' }),
    ...(retention && {
      ObjectLockMode: retention.mode === 'Governance' ? 'GOVERNANCE' : 'COMPLIANCE',
      ObjectLockRetainUntilDate: retention.until,
    }),
  });
  // Of a stream, the library would not sign the digest.
  command.middlewareStack.add(
    (next) => (given) => {
      (given.request as { headers: Record<string, string> }).headers['x-amz-content-sha256'] = sha256;
      return next(given);
    },
    { step: 'build', name: 'signDigest' },
  );
  return session.client.send(command, { abortSignal: signal });
}

/** Reads back what was written. What is wrong with it stays where it is: it may be locked. */
async function verified(
  session: S3Session,
  { key, upload: { size, sha256 }, options }: Writing,
  version: string | undefined,
  signal: AbortSignal,
): Promise<Stored> {
  const { retention: wanted } = options;
  const store = named(session.place);
  if (wanted && version === undefined)
    throw new StoreError(
      'LockRefused',
      `${store} keeps no versions, so it locks nothing; create a bucket with object lock`,
    );
  const found = await session.head(key, version, signal);
  if (!found) throw new StoreError('Altered', `${store} confirmed ${key} and has no such object; use another store`);
  const digest = found.sha256 ?? (await session.digest(key, version, signal));
  if (found.size !== size || digest !== sha256)
    throw new StoreError('Altered', `${store} has other bytes of ${key} than were stored; find out what changed them`);
  if (wanted && !isLockedAs(wanted, found.retention)) {
    const shown = found.retention ? 'with a shorter or other lock than it was asked for' : 'without a lock';
    throw new StoreError(
      'LockRefused',
      `${store} shows ${key} ${shown}; grant the keys s3:PutObjectRetention and s3:GetObjectRetention, or create a bucket with object lock`,
    );
  }
  const { versionId = version, retention } = found;
  const { Bucket, Key } = session.at(key);
  const query = versionId === undefined ? '' : `?versionId=${encodeURIComponent(versionId)}`;
  return {
    key,
    size,
    sha256,
    ...(versionId !== undefined && { versionId }),
    ...(retention && { retention }),
    uri: `s3://${Bucket}/${Key}${query}`,
  };
}
