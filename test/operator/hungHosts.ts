/** Hosts that hang, each in its way, behind ports of loopback; and Devices of a tenant for as many of them as are wanted. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { apiVersion, operatorAccount } from './bed.ts';
import { grantedIn } from './grants.ts';

/** For the operator: it reaches no loopback unless that is named, and not the apiserver, which is there in tests, unless that very address is. */
export const reachesLoopback = ['--allowed-networks', '0.0.0.0/0,127.0.0.1/32'] as const;

/** What becomes of a connection. None of these hosts ever answers. */
const ways: Readonly<Record<string, (socket: Socket) => void>> = {
  /** Given up after the time for connecting. */
  'is silent': () => undefined,
  /** The others, only after the time of the whole request. */
  'stops after its greeting': (socket) => void socket.write('SSH-2.0-OpenSSH_9.9\r\n'),
  'drips its greeting': (socket) => {
    const drip = setInterval(() => socket.write('x'), 1000);
    socket.once('close', () => clearInterval(drip));
  },
};

export interface HungHosts {
  readonly ports: readonly number[];
  stop(): void;
}

export async function startHungHosts(): Promise<HungHosts> {
  const sockets = new Set<Socket>();
  const servers = Object.values(ways).map((way) =>
    createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
      way(socket);
    }),
  );
  await Promise.all(servers.map((server) => once(server.listen(0, '127.0.0.1'), 'listening')));
  return {
    ports: servers.map(portOf),
    stop: () => {
      servers.forEach((server) => server.close());
      sockets.forEach((socket) => socket.destroy());
    },
  };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

const hostKey = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${'A'.repeat(43)}`;

/** A namespace with so many Devices behind these ports, a Secret with that key, and a baseline about all of them. */
export function hungTenant(namespace: string, count: number, { ports }: HungHosts, privateKey: string): object[] {
  const devices = Array.from({ length: count }, (_, index) => ({
    apiVersion,
    kind: 'Device',
    metadata: { name: hungName(index), namespace, labels: { os: 'rhel9' } },
    spec: {
      ssh: {
        host: '127.0.0.1',
        port: ports[index % ports.length],
        user: 'holdfast',
        hostKeys: [hostKey],
        credentialsRef: { name: 'key' },
      },
    },
  }));
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    ...grantedIn(namespace, operatorAccount),
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'key', namespace },
      stringData: { 'ssh-privatekey': privateKey },
    },
    {
      apiVersion,
      kind: 'DeviceBaseline',
      metadata: { name: 'base', namespace },
      spec: {
        selector: { matchLabels: { os: 'rhel9' } },
        checks: [{ name: 'motd', file: { path: '/etc/motd', content: 'x\n' } }],
      },
    },
    ...devices,
  ];
}

export function hungName(index: number): string {
  return `hung-${String(index).padStart(4, '0')}`;
}
