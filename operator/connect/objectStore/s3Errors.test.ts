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
    expect(said({ code: 'EPROTO' }).message).toMatch(/does not speak TLS as it has to; .* correct `endpoint`$/);
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
