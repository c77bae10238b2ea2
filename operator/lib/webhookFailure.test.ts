import { expect, test } from '@jest/globals';
import { webhookFailure } from './webhookFailure.ts';

const call =
  'Internal error occurred: failed calling webhook "a.example.com": failed to call webhook: Post "https://a.shop.svc:443/x?timeout=10s": ';

test.each([
  [`${call}dial tcp 127.0.0.1:9: connect: connection refused`, 'the webhook a.example.com cannot be reached'],
  [`${call}context deadline exceeded`, 'the webhook a.example.com does not respond in time'],
  [
    `${call}net/http: request canceled (Client.Timeout exceeded while awaiting headers)`,
    'the webhook a.example.com does not respond in time',
  ],
  [
    `${call}x509: certificate signed by unknown authority`,
    'the webhook a.example.com has a certificate that is not trusted',
  ],
  [
    'failed calling webhook "a.example.com": service "a" not found',
    'the webhook a.example.com has no Service with endpoints',
  ],
  [`${call}no endpoints available for service "a"`, 'the webhook a.example.com has no Service with endpoints'],
  [`${call}EOF`, 'the webhook a.example.com cannot be reached'],
  ['failed calling webhook "a.example.com": expected response.uid="1", got ""', 'the webhook a.example.com fails'],
  [
    'conversion webhook for example.com/v1, Kind=Widget failed: Post "https://a/c?timeout=30s": dial tcp: lookup a: no such host',
    'the webhook that converts Widget of example.com/v1 cannot be reached',
  ],
])('%s', (message, expected) => expect(webhookFailure(message)).toMatch(new RegExp(`^${expected}; fix it, or the `)));

test('what a webhook answers is not a failure', () => {
  expect(webhookFailure('admission webhook "a.example.com" denied the request: no')).toBeUndefined();
});
