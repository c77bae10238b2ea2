/** A link to an object in S3: whoever has it can read that object, and nothing else, for some time. */
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { s3Client } from './s3Client.ts';
import type { S3Session } from './s3Session.ts';

export interface S3Link {
  readonly key: string;
  readonly versionId?: string;
  readonly seconds: number;
  readonly now: Date;
}

const marginMilliseconds = 10_000;

/** Nothing is asked of the store. What signed it is in the link: a session ends it sooner. */
export async function linkS3(session: S3Session, { key, versionId, seconds, now }: S3Link): Promise<string> {
  const { server, credentials } = session.options;
  const { publicUrl } = server;
  const outside = publicUrl === undefined ? undefined : s3Client({ ...server, url: publicUrl }, credentials);
  try {
    const command = new GetObjectCommand({
      ...session.at(key, versionId),
      // A browser that is given the link does not show it.
      ResponseContentDisposition: 'attachment',
      ResponseContentType: 'application/x-tar',
    });
    // By the clock of the store: a link that begins in its future is refused there. Its machines may differ by some seconds.
    const signingDate = new Date((session.storeTime ?? now).getTime() - marginMilliseconds);
    return await getSignedUrl(outside ?? session.client, command, { expiresIn: seconds, signingDate });
  } finally {
    outside?.destroy();
  }
}
