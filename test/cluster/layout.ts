/** What the programs of one test cluster share: ports, certificates, kubeconfigs, all in one folder, made anew. */
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createAuthority, createKey, issueCertificate } from './certificates.ts';
import type { Authority, KeyPair } from './certificates.ts';
import { freePort } from '../freePort.ts';
import { writeKubeconfig } from './kubeconfig.ts';

/** All paths are absolute. */
export interface Layout {
  folder: string;
  /** Where the API server listens. */
  address: string;
  url: string;
  ports: { apiServer: number; controllerManager: number; scheduler: number };
  authority: Authority;
  server: KeyPair;
  admin: KeyPair;
  serviceAccountKey: string;
  adminKubeconfig: string;
  controllerManagerKubeconfig: string;
  schedulerKubeconfig: string;
  auditLog: string;
  auditPolicy: string;
}

/** Who did what to which object; no bodies, so no secrets. */
const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [{ level: 'Metadata' }],
};

export async function createLayout(folder: string, address = '127.0.0.1'): Promise<Layout> {
  const certificates = join(folder, 'certificates');
  await mkdir(certificates);
  const authority = await createAuthority(certificates, address);
  const ports = { apiServer: await freePort(), controllerManager: await freePort(), scheduler: await freePort() };
  const url = `https://${address}:${ports.apiServer}`;
  // The components have all rights, like the administrator, but names of their own, which the audit log tells apart.
  const [server, admin, controllerManager, scheduler, serviceAccountKey] = await Promise.all([
    issueCertificate(authority, { file: 'server', commonName: 'kube-apiserver', usage: 'server' }),
    createSuperuser(authority, url, 'kubernetes-admin', join(folder, 'kubeconfig')),
    createSuperuser(authority, url, 'system:kube-controller-manager', join(folder, 'controller-manager.kubeconfig')),
    createSuperuser(authority, url, 'system:kube-scheduler', join(folder, 'scheduler.kubeconfig')),
    createKey(certificates, 'service-account'),
    writeFile(join(folder, 'audit-policy.json'), JSON.stringify(auditPolicy)),
  ]);
  return {
    ...{ folder, address, url, ports, authority, server, serviceAccountKey },
    admin: admin.client,
    adminKubeconfig: admin.kubeconfig,
    controllerManagerKubeconfig: controllerManager.kubeconfig,
    schedulerKubeconfig: scheduler.kubeconfig,
    auditLog: join(folder, 'audit.log'),
    auditPolicy: join(folder, 'audit-policy.json'),
  };
}

export interface User {
  client: KeyPair;
  /** Path. */
  kubeconfig: string;
}

function createSuperuser(authority: Authority, url: string, name: string, kubeconfig: string): Promise<User> {
  return createUser(authority, url, { name, groups: ['system:masters'], kubeconfig });
}

/** A client certificate and a kubeconfig at the given path that presents it. */
export async function createUser(
  authority: Authority,
  url: string,
  user: { name: string; groups: readonly string[]; kubeconfig: string },
): Promise<User> {
  const request = {
    file: basename(user.kubeconfig),
    commonName: user.name,
    organizations: user.groups,
    usage: 'client',
  } as const;
  const client = await issueCertificate(authority, request);
  const content = { url, certificateAuthority: authority.certificate, user: user.name, client };
  return { client, kubeconfig: await writeKubeconfig(user.kubeconfig, content) };
}
