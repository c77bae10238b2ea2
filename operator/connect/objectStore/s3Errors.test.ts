import { describe, expect, test } from '@jest/globals';
import { failureOf } from './s3Errors.ts';
import type { StoreError } from './types.ts';

const place = { endpoint: 'main', bucket: 'audit' };

function said(error: object, isLocking = false) {
  const { error: meant, isPassing, isAmbiguous } = failureOf(error, place, isLocking);
  const { reason, message } = meant as StoreError;
  return { reason, message, isPassing, isAmbiguous };
}

const answered = (status: number, name = 'Error', message = '') => ({
  ...{ name, message },
  $metadata: { httpStatusCode: status },
});

describe('a connection', () => {
  test.each([
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'INVALID_PURPOSE',
    'INVALID_CA',
    'PATH_LENGTH_EXCEEDED',
    'HOSTNAME_MISMATCH',
  ])('to one that is not trusted (%s) carried out nothing, and no other attempt helps', (code) => {
    const { message, ...rest } = said({ code });
    expect(rest).toEqual({ reason: 'Unavailable', isPassing: false, isAmbiguous: false });
    expect(message).toMatch(/has a certificate that is not trusted; .* correct `caFile`$/);
  });

  test('to a server without TLS says so', () => {
    expect(said({ code: 'EPROTO' }).message).toMatch(/does not use TLS as it has to; .* correct `endpoint`$/);
  });

  test.each([
    ['ECONNREFUSED', false],
    ['ENOTFOUND', false],
    ['ECONNRESET', true],
    ['EPIPE', true],
    ['ETIMEDOUT', true],
  ])('that ends with %s may have carried it out: %s', (code, isAmbiguous) => {
    expect(said({ code })).toMatchObject({ reason: 'Unavailable', isPassing: true, isAmbiguous });
  });
});

describe('an answer', () => {
  test.each([
    // versity/versitygw#1734, storj/edge#510: the same in two codes.
    [400, 'InvalidArgument', 'The retain until date must be in the future!'],
    [400, 'InvalidRequest', 'the retain until date must be in the future.'],
  ])('that the lock ends in the past is about clocks (%d %s)', (status, name, message) => {
    expect(said(answered(status, name, message), true)).toMatchObject({
      reason: 'LockRefused',
      message: expect.stringMatching(
        /says that locks end in the past; set the clocks of the operator and of the object store/,
      ),
    });
  });

  test.each([
    // grafana/mimir#7270, thanos-io/objstore#84, io7m-com/exfilac#35.
    [400, 'InvalidArgument', "Unsupported header 'x-amz-checksum-sha256' received for this API call."],
    [501, 'NotImplemented', 'Header x-amz-checksum-sha256 with value x not implemented'],
  ])('that checksums are unknown says what to set (%d %s)', (status, name, message) => {
    for (const isLocking of [true, false])
      expect(said(answered(status, name, message), isLocking)).toMatchObject({
        reason: 'Invalid',
        message: expect.stringMatching(/set `checksums: Md5`/),
      });
  });

  test.each([
    // apache/opendal#6741, apache/arrow-rs#4777: nobody stored it, so it is not there already.
    [409, 'ConditionalRequestConflict'],
    [409, 'OperationAborted'],
    // minio/minio#15002.
    [503, 'XMinioServerNotInitialized'],
    [503, 'SlowDown'],
    [429, 'TooManyRequests'],
  ])('that may be another soon is tried again (%d %s)', (status, name) => {
    expect(said(answered(status, name))).toMatchObject({ reason: 'Unavailable', isPassing: true });
  });

  // jschneier/django-storages#1104, NixOS/nix#1655: without s3:ListBucket, what is missing is forbidden.
  test('that is forbidden is not one that is missing', () => {
    expect(said(answered(403, '403'))).toMatchObject({ reason: 'Denied', isPassing: false, isAmbiguous: false });
  });
});
