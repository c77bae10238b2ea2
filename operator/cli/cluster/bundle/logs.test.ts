import { expect, test } from '@jest/globals';
import type { Cluster } from '../../command.ts';
import { ApiError } from '../../../runtime/apiError.ts';
import { Bundle, limits } from './bundle.ts';
import type { Collecting } from './collecting.ts';
import { logs } from './logs.ts';

type Stream = (request: { path: string }, onData: (part: Buffer) => void) => Promise<void>;

async function collected(stream: Stream, restartCount = 0) {
  const files: Record<string, string> = {};
  const bundle = new Bundle({ add: (path, text) => Promise.resolve(void (files[path] = text)) }, String);
  const status = { containerStatuses: [{ name: 'operator', restartCount }] };
  const pod = { metadata: { name: 'a' }, spec: { containers: [{ name: 'operator' }] }, status };
  const cluster = { client: { list: () => Promise.resolve({ items: [pod] }) }, http: { stream } } as unknown as Cluster;
  await logs.collect({ bundle, cluster, namespace: 'n' } as unknown as Collecting);
  return { files, missing: bundle.missing };
}

test('of a long log, the end is kept, from the beginning of a line', async () => {
  const line = Buffer.from(`${'x'.repeat(1023)}\n`);
  const { files, missing } = await collected((_, onData) => {
    for (let written = 0; written < 3 * limits.log; written += line.length) onData(line);
    onData(Buffer.from('the last line\n'));
    return Promise.resolve();
  });
  const text = files['logs/a/operator.log']!;
  expect(text.length).toBeLessThanOrEqual(limits.log);
  expect(text.length).toBeGreaterThan(limits.log - 2 * line.length);
  expect(text.startsWith('x'.repeat(1023))).toBe(true);
  expect(text.endsWith('\nthe last line\n')).toBe(true);
  expect(missing).toMatchObject([{ cause: 'Cut', why: 'only its last 4 MiB are included' }]);
});

test('of a container that restarted, the log before is there too; one that cannot be read is missing alone', async () => {
  const { files, missing } = await collected(({ path }, onData) => {
    if (path.includes('previous=true'))
      return Promise.reject(new ApiError('get log', 500, { message: 'kubelet is away' }));
    onData(Buffer.from('now\n'));
    return Promise.resolve();
  }, 1);
  expect(files).toEqual({ 'logs/a/operator.log': 'now\n' });
  expect(missing).toMatchObject([{ what: 'previous log of container operator of Pod n/a', cause: 'Error' }]);
});
