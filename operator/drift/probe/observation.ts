/** What a look at a host yields. */
import type { DeviceFacts } from '../../api/v1alpha1/device.ts';

/** What the host said of one check, read by its type; or why it could not say. */
export type CheckObservation =
  { readonly is: 'observed'; readonly value: unknown } | { readonly is: 'unknown'; readonly message: string };

export type HostObservation =
  /** The observations stand in the order of the checks that were asked. */
  | { readonly is: 'seen'; readonly facts: DeviceFacts; readonly observed: readonly CheckObservation[] }
  /** There was no answer. `message` is a sentence with the next action in it. */
  | { readonly is: 'unreachable'; readonly reason: string; readonly message: string }
  /** There was an answer, and it cannot be trusted. */
  | { readonly is: 'unreadable'; readonly reason: string; readonly message: string };
