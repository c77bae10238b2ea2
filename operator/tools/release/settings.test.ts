import { describe, expect, test } from '@jest/globals';
import { settingsOf } from './settings.ts';

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const named = { VERSION: '1.2.3' };
const unsigned = { ...named, SIGN: 'no' };
const both = { REGISTRY: 'quay.io/holdfast', OPERATOR_DIGEST: digest('a'), RUNNER_DIGEST: digest('b') };

test('images are named by digest where their digests are given', () => {
  expect(settingsOf(unsigned, '1.2.3').images).toEqual({ operator: 'holdfast-operator' });
  expect(settingsOf({ ...unsigned, ...both }, '1.2.3').images).toEqual({
    operator: `quay.io/holdfast/holdfast-operator@${digest('a')}`,
    runner: `quay.io/holdfast/holdfast-runner@${digest('b')}`,
  });
});

describe('who signs', () => {
  test.each([
    [{ SIGN: 'no' }, { by: 'no one' }],
    [{ SIGN: 'no', COSIGN_KEY: 'cosign.key' }, { by: 'no one' }],
    [{ COSIGN_KEY: 'cosign.key' }, { by: 'key', key: 'cosign.key', isPublic: true }],
    [
      { COSIGN_KEY: 'cosign.key', TLOG: 'no' },
      { by: 'key', key: 'cosign.key', isPublic: false },
    ],
    [
      { COSIGN_KEY: 'cosign.key', SIGSTORE_ID_TOKEN: 'x' },
      { by: 'key', key: 'cosign.key', isPublic: true },
    ],
    [{ SIGSTORE_ID_TOKEN: 'x' }, { by: 'identity' }],
    [{ ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x' }, { by: 'identity' }],
  ])('%j', (environment, signing) => {
    expect(settingsOf({ ...named, ...environment }, '1.2.3').signing).toEqual(signing);
  });

  test.each([[{}], [{ SIGN: '' }], [{ CI: 'true' }]])('no one by accident: %j', (environment) => {
    expect(() => settingsOf({ ...named, ...environment }, '1.2.3')).toThrow(
      /nothing to sign with.*set COSIGN_KEY.*`SIGN=no`/,
    );
  });
});

test.each<[object, RegExp]>([
  [{ VERSION: undefined }, /make release VERSION=1\.2\.3/],
  [{ VERSION: '1.2.4' }, /VERSION is 1\.2\.4, but package\.json has 1\.2\.3: change `version` there/],
  [{ VERSION: 'v1.2.3' }, /VERSION is v1\.2\.3/],
  [{ SIGN: 'yes' }, /SIGN is `yes`; set `SIGN=no`/],
  [{ ...both, OPERATOR_DIGEST: 'latest' }, /OPERATOR_DIGEST must be `sha256:`/],
  [{ ...both, OPERATOR_DIGEST: undefined }, /Set OPERATOR_DIGEST as well/],
  [{ ...both, RUNNER_DIGEST: undefined }, /Set RUNNER_DIGEST as well/],
  [{ ...both, REGISTRY: undefined }, /Set REGISTRY/],
])('%j is refused', (more, message) => {
  expect(() => settingsOf({ ...unsigned, ...more }, '1.2.3')).toThrow(message);
});
