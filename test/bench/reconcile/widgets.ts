/**
 * Objects of about 3 kB such as platforms have by the thousand: labels, annotations, a spec with lists and maps, a
 * status, and the managedFields of server-side apply. All that is in them follows from their number.
 *
 * Their status is what a controller that has dealt with them writes: then there is nothing to write for the subjects,
 * and what is measured is how they watch, decode, cache, queue and decide.
 */
import { createHash } from 'node:crypto';

export const namespace = 'default';
export const collection = `/apis/bench.holdfast.dev/v1/namespaces/${namespace}/widgets`;

/** What both subjects say of an object that they have looked at. */
export const outcome = { reason: 'Decided', message: 'The spec was compared with the one last seen.' };

const teams = ['payments', 'checkout', 'catalogue', 'search', 'identity', 'logistics', 'billing'];
const createdTime = '2026-01-01T00:00:00Z';

export function nameOf(index: number): string {
  return `widget-${String(index).padStart(6, '0')}`;
}

/** The whole object as it is first applied. */
export function widget(index: number): object {
  const team = teams[index % teams.length]!;
  const name = nameOf(index);
  return {
    apiVersion: 'bench.holdfast.dev/v1',
    kind: 'Widget',
    metadata: { name, namespace, labels: labels(name, team, index), annotations: annotations(name, team) },
    spec: spec(name, team, index),
    status: status(1),
  };
}

/** A merge patch that changes the spec, and the status of a controller that has dealt with it: one version, one event. */
export function change(index: number, generation: number): object {
  return { spec: { replicas: generation, revision: revision(index, generation) }, status: status(generation) };
}

function labels(name: string, team: string, index: number): object {
  return {
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/part-of': `${team}-platform`,
    'app.kubernetes.io/version': `4.${index % 20}.${index % 7}`,
    'example.com/team': team,
    'example.com/tier': index % 3 === 0 ? 'frontend' : 'backend',
  };
}

function annotations(name: string, team: string): object {
  return {
    'example.com/owner': `${team}@example.com`,
    'example.com/documentation': `https://docs.example.com/${team}/services/${name}`,
  };
}

function spec(name: string, team: string, index: number): object {
  return {
    replicas: 1,
    revision: revision(index, 1),
    image: `registry.example.com/${team}/${name}:4.${index % 20}.${index % 7}`,
    description: `Serves the ${team} domain for the shops of region ${index % 40}; see its run book before changing it.`,
    selector: { 'app.kubernetes.io/name': name, 'example.com/team': team },
    ports: ['http', 'grpc', 'metrics'].map((port, at) => ({ name: port, port: 8080 + at, protocol: 'TCP' })),
    environment: Array.from({ length: 8 }, (_, at) => ({
      name: `${team.toUpperCase()}_OPTION_${at}`,
      value: `value-${(index * 7 + at) % 1000}`,
    })),
    volumes: ['settings', 'certificates'].map((volume) => ({
      name: volume,
      configMap: `${name}-${volume}`,
      path: `/etc/${team}/${volume}`,
      readOnly: true,
    })),
    resources: { requests: { cpu: '250m', memory: '256Mi' }, limits: { cpu: '1', memory: '512Mi' } },
    probe: { path: '/healthz', port: 8080, periodSeconds: 10, failureThreshold: 3 },
  };
}

function revision(index: number, generation: number): string {
  return createHash('sha1').update(`${index} ${generation}`).digest('hex');
}

function status(generation: number): object {
  const ready = { type: 'Ready', status: 'True', observedGeneration: generation, lastTransitionTime: createdTime };
  return { observedGeneration: generation, conditions: [{ ...ready, ...outcome }] };
}
