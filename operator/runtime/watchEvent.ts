/** One line of a watch, and the ways in which a watch goes wrong. */
import type { Resource } from '../api/v1alpha1/shared.ts';
import { parseJson } from '../lib/json.ts';
import { ApiError, hasStatus, type Answer } from './apiError.ts';
import { hasSeen } from './identity.ts';

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: Resource;
  readonly version: string;
}

/** What came cannot be read; it is asked for again. */
export class UnreadableEvent extends Error {}

/** The store of the apiserver is older than what we have seen of it; everything is listed anew. */
export class WentBack extends Error {}

/** Throws an UnreadableEvent, or an ApiError when the line tells of one. */
export function parseEvent(line: string, name: string): WatchEvent {
  let event: { type?: unknown; object?: Resource | null } | null;
  try {
    event = parseJson(line) as typeof event;
  } catch {
    throw new UnreadableEvent(`an event of ${name} is not JSON: ${line.slice(0, 60)}`);
  }
  const { type, object } = event ?? {};
  if (type === 'ERROR') {
    const answer = (object ?? {}) as unknown as Answer;
    throw new ApiError(`watch ${name}`, answer.code ?? 500, answer);
  }
  const version = object?.metadata?.resourceVersion;
  const isKnown = type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED' || type === 'BOOKMARK';
  if (isKnown && object && typeof version === 'string') return { type, object, version };
  throw new UnreadableEvent(`an event of ${name} has no known type or no version: ${line.slice(0, 60)}`);
}

/** A bookmark that lies before what was seen tells that the apiserver's store was put back. */
export function checkBookmark({ type, version }: WatchEvent, seen: string): void {
  if (type !== 'BOOKMARK' || hasSeen(version, seen)) return;
  throw new WentBack(`the apiserver is at version ${version}, which is older than ${seen}`);
}

/** Whether to resume is impossible: only a new list helps. */
export function needsList(error: unknown): boolean {
  const isTooNew = hasStatus(error, 504) && /too large resource version/i.test(error.message);
  return error instanceof WentBack || hasStatus(error, 410) || isTooNew;
}

/** What happened and what becomes of it, for people. */
export function explain(error: unknown, name: string): string {
  const message = error instanceof Error ? error.message : String(error);
  if (hasStatus(error, 404)) {
    const isBuiltIn = name.endsWith('.k8s.io');
    const advice = isBuiltIn ? 'enable that API; Kubernetes has it from 1.30' : 'apply the CRDs (crds/)';
    return `The apiserver does not serve ${name}; ${advice}, and the operator continues automatically.`;
  }
  if (hasStatus(error, 403))
    return `${message}; apply the RBAC of this version, and the operator continues automatically.`;
  return `${message}; the cached state stays in use until the apiserver responds again.`;
}
