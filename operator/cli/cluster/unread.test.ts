import { expect, test } from '@jest/globals';
import { ApiError, NoResponse } from '../../runtime/apiError.ts';
import { unread } from './unread.ts';

test.each([
  [
    new NoResponse('get /version: no response from https://api.example.com:6443: connect ECONNREFUSED 192.0.2.1:6443'),
    'NoResponse',
    'https://api.example.com:6443 does not respond (connect ECONNREFUSED 192.0.2.1:6443); check with `kubectl cluster-info`',
  ],
  [new NoResponse('cut off'), 'NoResponse', 'cut off'],
  [new DOMException('late', 'TimeoutError'), 'TimedOut', 'the apiserver did not respond in time'],
  [new ApiError('list x', 401, {}), 'Forbidden', 'the apiserver does not accept your credentials; log in again'],
  [
    new ApiError('list x', 403, {
      message: 'pods is forbidden: User "mia" cannot list resource "pods" in API group "" in the namespace "fleet"',
    }),
    'Forbidden',
    'you may not list pods in namespace fleet',
  ],
] as const)('an error is put in words: %#', (error, cause, message) => {
  expect(unread(error)).toEqual({ cause, message });
});
