import { expect, test } from '@jest/globals';
import { ipText } from '../lib/ipAddress.ts';
import { ApiError, NoResponse } from '../runtime/apiError.ts';
import { ownNetworks, type Surroundings } from './ownNetworks.ts';

const openShift = {
  status: { clusterNetwork: [{ cidr: '10.128.0.0/14', hostPrefix: 23 }], serviceNetwork: ['172.30.0.0/16'] },
};
const services = { items: [{ spec: { cidrs: ['10.96.0.0/12', 'fd00:1::/108'] } }] };

/** `documents` by the end of their path; none where there is none. */
async function own(documents: Record<string, unknown>, changes: Partial<Surroundings> = {}) {
  const unknown: string[] = [];
  const found = await ownNetworks({
    client: {
      document: <R>(path: string) => {
        const document = Object.entries(documents).find(([end]) => path.endsWith(end))?.[1];
        return document instanceof Error ? Promise.reject(document) : Promise.resolve(document as R | undefined);
      },
    },
    server: 'https://10.96.0.1:443',
    isInPod: true,
    interfaces: ['127.0.0.1/8', '10.244.1.7/24', 'fe80::1/64'],
    onUnknown: (path) => unknown.push(path),
    onSilence: (error) => Promise.reject(error),
    ...changes,
  });
  return { networks: found.map(({ ip, prefix }) => `${ipText(ip)}/${prefix}`), unknown };
}

test('in a pod they are those of its interfaces, of Services and of pods, and the apiserver', async () => {
  expect(await own({ 'networks/cluster': openShift, servicecidrs: services })).toEqual({
    networks: [
      ...['10.128.0.0/14', '172.30.0.0/16', '10.96.0.0/12', 'fd00:1::/108'],
      ...['127.0.0.1/8', '10.244.1.7/24', 'fe80::1/64', '10.96.0.1/32'],
    ],
    unknown: [],
  });
});

test('outside of the cluster those of this machine are not among them', async () => {
  const { networks } = await own({}, { isInPod: false, server: 'https://[2001:db8::1]:6443' });
  expect(networks).toEqual(['2001:db8::1/128']);
  expect((await own({}, { isInPod: false, server: 'https://api.example.com:6443' })).networks).toEqual([]);
});

test('what may not be read is said', async () => {
  const forbidden = new ApiError('get', 403, {});
  expect((await own({ servicecidrs: forbidden })).unknown).toEqual(['/apis/networking.k8s.io/v1/servicecidrs']);
});

test.each([new NoResponse('gone'), new ApiError('get', 503, {})])(
  'an apiserver that does not answer is asked until it does: it is none that has no networks',
  async (silence) => {
    const documents: Record<string, unknown> = { servicecidrs: silence };
    const asked: Error[] = [];
    const onSilence = (error: Error) => {
      if (asked.push(error) === 2) documents['servicecidrs'] = services;
      return Promise.resolve();
    };
    expect((await own(documents, { isInPod: false, onSilence })).networks).toContain('10.96.0.0/12');
    expect(asked).toEqual([silence, silence]);
  },
);

test('one that refuses who asks is not asked again', async () => {
  const onSilence = () => Promise.reject(new Error('asked again'));
  await expect(own({ servicecidrs: new ApiError('get', 401, {}) }, { onSilence })).rejects.toThrow('get');
});
