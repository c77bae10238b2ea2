/** Policies as clusters have them, each on an object that is well and on one that is not: the answer must tell them apart. */
import { expect, test } from '@jest/globals';
import { compile, type Source } from './compile.ts';

const container = (more: object) => ({ spec: { containers: [{ name: 'app', image: 'r.example/app:1', ...more }] } });
const rule = (more: object) => ({ spec: { rules: [more] } });
const from = (cidr: string) => ({ spec: { ingress: [{ from: [{ ipBlock: { cidr } }] }] } });

test.each<[string, Source | string, unknown, unknown]>([
  [
    'no image of the tag latest, or of none',
    "object.spec.containers.all(c, c.image.contains(':') && !c.image.endsWith(':latest'))",
    container({}),
    container({ image: 'r.example/app:latest' }),
  ],
  [
    'images of one registry',
    "object.spec.containers.all(c, c.image.matches('^r[.]example/[a-z0-9/-]+(:[a-z0-9._-]+|@sha256:[0-9a-f]{64})$'))",
    container({}),
    container({ image: 'docker.io/r.example/app:1' }),
  ],
  [
    'memory is limited',
    "object.spec.containers.all(c, has(c.resources) && has(c.resources.limits) && 'memory' in c.resources.limits && quantity(c.resources.limits.memory).compareTo(quantity('2Gi')) <= 0)",
    container({ resources: { limits: { memory: '2048Mi' } } }),
    container({ resources: { limits: { memory: '2049Mi' } } }),
  ],
  [
    'requests are within limits',
    "object.spec.containers.all(c, !quantity(c.?resources.requests[?'cpu'].orValue('0')).isGreaterThan(quantity(c.?resources.limits[?'cpu'].orValue('0'))))",
    container({ resources: { requests: { cpu: '100m' }, limits: { cpu: '0.1' } } }),
    container({ resources: { requests: { cpu: '1' }, limits: { cpu: '999m' } } }),
  ],
  [
    'nobody is root',
    '(has(object.spec.securityContext) && object.spec.securityContext.?runAsNonRoot.orValue(false)) || object.spec.containers.all(c, has(c.securityContext) && has(c.securityContext.runAsNonRoot) && c.securityContext.runAsNonRoot)',
    container({ securityContext: { runAsNonRoot: true } }),
    container({ securityContext: {} }),
  ],
  [
    'nothing is privileged or of the host',
    '![object.spec.?hostNetwork, object.spec.?hostPID, object.spec.?hostIPC].exists(o, o.orValue(false)) && !object.spec.containers.exists(c, c.?securityContext.?privileged.orValue(false))',
    container({}),
    { spec: { hostPID: true, containers: [] } },
  ],
  [
    'no ports of the host',
    'object.spec.containers.all(c, !has(c.ports) || c.ports.all(p, !has(p.hostPort) || p.hostPort == 0))',
    container({ ports: [{ containerPort: 80 }] }),
    container({ ports: [{ containerPort: 80, hostPort: 80 }] }),
  ],
  [
    'capabilities are dropped, and few are added',
    "object.spec.containers.all(c, 'ALL' in c.?securityContext.?capabilities.?drop.orValue([]) && sets.contains(['NET_BIND_SERVICE'], c.?securityContext.?capabilities.?add.orValue([])))",
    container({ securityContext: { capabilities: { drop: ['ALL'] } } }),
    container({ securityContext: { capabilities: { drop: ['ALL'], add: ['SYS_ADMIN'] } } }),
  ],
  [
    'hosts of ingresses are ours',
    "object.spec.rules.all(r, url('https://' + r.host).getHostname().endsWith('.apps.example'))",
    rule({ host: 'shop.apps.example' }),
    rule({ host: 'shop.apps.example.evil.test' }),
  ],
  [
    'a web hook is reached by TLS',
    "isURL(object.spec.url) && url(object.spec.url).getScheme() == 'https' && url(object.spec.url).getPort() in ['', '443']",
    { spec: { url: 'https://hook.example/x' } },
    { spec: { url: 'http://hook.example/x' } },
  ],
  [
    'traffic comes from within',
    "object.spec.ingress.all(i, i.from.all(f, !has(f.ipBlock) || ['10.0.0.0/8', 'fd00::/8'].exists(r, cidr(r).containsCIDR(f.ipBlock.cidr))))",
    from('10.2.0.0/16'),
    from('0.0.0.0/0'),
  ],
  [
    'load balancers are internal',
    'object.spec.externalIPs.all(a, isIP(a) && !ip(a).isLoopback() && !ip(a).isLinkLocalUnicast())',
    { spec: { externalIPs: ['192.0.2.1'] } },
    { spec: { externalIPs: ['169.254.169.254'] } },
  ],
  [
    'versions are new enough',
    "!semver(object.metadata.labels['app.kubernetes.io/version'], true).isLessThan(semver('2.10.0'))",
    { metadata: { labels: { 'app.kubernetes.io/version': 'v2.10' } } },
    { metadata: { labels: { 'app.kubernetes.io/version': 'v2.9.4' } } },
  ],
  [
    'names are unique',
    'object.spec.containers.all(a, object.spec.containers.exists_one(b, a.name == b.name))',
    container({}),
    { spec: { containers: [{ name: 'a' }, { name: 'a' }] } },
  ],
  [
    'labels are there',
    {
      variables: [{ name: 'needed', expression: "['team', 'cost-centre']" }],
      expression: "variables.needed.all(l, object.metadata.?labels[?l].orValue('') != '')",
    },
    { metadata: { labels: { team: 'a', 'cost-centre': '12' } } },
    { metadata: { labels: { team: 'a' } } },
  ],
])('%s', (_, source, good, bad) => {
  const compiled = compile(typeof source === 'string' ? { expression: source } : source);
  if (compiled.is === 'invalid') throw new Error(compiled.message);
  expect(compiled.program.run({ object: good })).toEqual({ is: 'holds' });
  expect(compiled.program.run({ object: bad })).toEqual({ is: 'fails' });
});
