/** Sections as they are read back from a pack, as far as exports are made of them. Pure. */
import type { Severity } from '../../api/v1alpha1/shared.ts';
import type { ControlState } from './controlStates.ts';
import type { Counts } from './checkResults.ts';

export interface PolicyContent {
  readonly cluster: { readonly id: string };
  readonly namespace: string;
  readonly period: { readonly start: string; readonly end: string };
  readonly time: string;
  readonly missing: readonly { readonly what: string; readonly reason: string }[];
  readonly checks: readonly ContentCheck[];
  readonly controls: readonly ContentControl[];
  readonly frameworks: readonly { readonly id: string; readonly title: string; readonly version: string }[];
}

export interface ContentCheck {
  readonly source: { readonly kind: string; readonly name: string };
  readonly check: string;
  readonly severity: Severity;
  readonly targets: Counts;
  readonly waivers: readonly string[];
}

export interface ContentControl {
  readonly framework: string;
  readonly control: string;
  readonly title: string;
  readonly state: ControlState;
  readonly isSatisfied: boolean;
  readonly reason?: string;
  readonly checks: readonly Pick<ContentCheck, 'source' | 'check'>[];
  readonly waivers: readonly string[];
}

/** An item of `waivers` of the section Evidence. */
export interface ContentWaiver {
  readonly name: string;
  readonly uid?: string;
  readonly source: { readonly kind: string; readonly name: string };
  readonly checks: readonly string[];
  readonly reason: string;
  readonly risk?: string;
  readonly ticket?: string;
  readonly compensatingControls: readonly string[];
  readonly requestedBy: string;
  readonly isBreakGlass: boolean;
  readonly requestTime?: string;
  readonly approvedTime?: string;
  readonly until: string;
  readonly approvals: readonly { readonly approver: string; readonly decision: string; readonly time: string }[];
  readonly tasks: readonly {
    readonly name: string;
    readonly owner: string;
    readonly dueTime?: string;
    readonly isDone: boolean;
  }[];
}
