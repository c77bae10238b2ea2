import { expect, test } from '@jest/globals';
import { whyNotFrom } from './place.ts';

const path = '/audit/exports/a.tar?X-Amz-Signature=1';

test.each<[string, string | undefined]>([
  [`https://s3.eu-central-1.amazonaws.com${path}`, undefined],
  [`https://audit.s3.eu-central-1.amazonaws.com${path}`, undefined],
  [`https://audit.s3.cn-north-1.amazonaws.com.cn${path}`, undefined],
  [`https://s3.example.com${path}`, 'https://s3.example.com'],
  [`https://audit.s3.example.com${path}`, 'https://s3.example.com'],
  [`http://127.0.0.1:9000${path}`, 'http://127.0.0.1:9000'],
])('%s is asked, with --s3-endpoint %s', (link, endpoint) => {
  expect(whyNotFrom(link, endpoint)).toBeUndefined();
});

test.each<[string, string | undefined, RegExp]>([
  [`https://s3.example.com${path}`, undefined, /again with --s3-endpoint https:\/\/s3\.example\.com\.$/],
  ['http://169.254.169.254/latest/meta-data/', undefined, /again with --s3-endpoint http:\/\/169\.254\.169\.254\.$/],
  [`http://s3.eu-central-1.amazonaws.com${path}`, undefined, /if that is your object store/],
  [`https://s3.amazonaws.com.evil.example${path}`, undefined, /if that is your object store/],
  [`https://evil-amazonaws.com${path}`, undefined, /if that is your object store/],
  [`https://x.execute-api.eu-central-1.amazonaws.com${path}`, undefined, /if that is your object store/],
  [`https://evil.example${path}`, 'https://s3.example.com', /not at https:\/\/s3\.example\.com/],
  [`https://s3.example.com.evil.example${path}`, 'https://s3.example.com', /not at/],
  [`https://evils3.example.com${path}`, 'https://s3.example.com', /not at/],
  [`https://s3.example.com:8443${path}`, 'https://s3.example.com', /not at/],
  [`http://s3.example.com${path}`, 'https://s3.example.com', /not at/],
  [`https://s3.example.com@evil.example${path}`, 'https://s3.example.com', /password/],
  ['file:///etc/passwd', undefined, /if that is your object store/],
  ['nothing', undefined, /is not an address/],
])('%s is not, with --s3-endpoint %s', (link, endpoint, why) => {
  expect(whyNotFrom(link, endpoint)).toMatch(why);
});
