import { expect, test } from '@jest/globals';
import { ApiError } from '../../../runtime/apiError.ts';
import { Bundle, limits, WriteError } from './bundle.ts';

function recorded() {
  const files: Record<string, string> = {};
  const add = (path: string, text: string): Promise<void> => {
    files[path] = text;
    return Promise.resolve();
  };
  return { files, bundle: new Bundle({ add }, (text) => text.replaceAll('web-01', 'host-1')) };
}

test('an object that is too large is named, and the others are there', async () => {
  const { files, bundle } = recorded();
  const large = { kind: 'Device', metadata: { name: 'web-01', namespace: 'fleet' }, spec: 'x'.repeat(limits.object) };
  await bundle.addList('a.json', [large, { kind: 'Device', metadata: { name: 'b' } }]);
  const { items } = JSON.parse(files['a.json']!) as { items: object[] };
  expect(items).toEqual([
    { kind: 'Device', metadata: { name: 'host-1', namespace: 'fleet' } },
    { kind: 'Device', metadata: { name: 'b' } },
  ]);
  expect(bundle.missing).toMatchObject([{ what: 'Device fleet/host-1', cause: 'Cut' }]);
});

test('what cannot be read is missing, with its reason, without secrets and names; the rest is collected', async () => {
  const { bundle, files } = recorded();
  const error = new ApiError('get x', 500, { message: 'web-01 said password=hunter2' });
  await bundle.attempt('x', () => Promise.reject(error));
  await bundle.attempt('y', () => bundle.addText('y.log', 'token: hunter2 of web-01'));
  expect(bundle.missing).toEqual([{ what: 'x', cause: 'Error', why: 'get x: host-1 said password=REDACTED (500)' }]);
  expect(files).toEqual({ 'y.log': 'token: REDACTED of host-1' });
});

test('a disk that is full ends it', async () => {
  const bundle = new Bundle({ add: () => Promise.reject(new Error('ENOSPC: no space left on device')) }, String);
  await expect(bundle.attempt('x', () => bundle.addJson('x', {}))).rejects.toThrow(WriteError);
});
