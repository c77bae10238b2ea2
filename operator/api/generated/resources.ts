// Generated from operator/api/v1alpha1; change that and run `make generate`.

import type { Kind } from '../kind.ts';
import type { AnsibleRun } from '../v1alpha1/ansibleRun.ts';
import type { Approval } from '../v1alpha1/approval.ts';
import type { CanaryRollout } from '../v1alpha1/canaryRollout.ts';
import type { ClusterBaseline } from '../v1alpha1/clusterBaseline.ts';
import type { Device } from '../v1alpha1/device.ts';
import type { DeviceBaseline } from '../v1alpha1/deviceBaseline.ts';
import type { DriftReport } from '../v1alpha1/driftReport.ts';
import type { EvidenceExport } from '../v1alpha1/evidenceExport.ts';
import type { EvidencePack } from '../v1alpha1/evidencePack.ts';
import type { EvidenceStore } from '../v1alpha1/evidenceStore.ts';
import type { MaintenanceWindow } from '../v1alpha1/maintenanceWindow.ts';
import type { PolicyWaiver } from '../v1alpha1/policyWaiver.ts';
import type { ServiceLevelObjective } from '../v1alpha1/serviceLevelObjective.ts';

export type Resources = {
  readonly AnsibleRun: Kind<AnsibleRun>;
  readonly Approval: Kind<Approval>;
  readonly CanaryRollout: Kind<CanaryRollout>;
  readonly ClusterBaseline: Kind<ClusterBaseline>;
  readonly Device: Kind<Device>;
  readonly DeviceBaseline: Kind<DeviceBaseline>;
  readonly DriftReport: Kind<DriftReport>;
  readonly EvidenceExport: Kind<EvidenceExport>;
  readonly EvidencePack: Kind<EvidencePack>;
  readonly EvidenceStore: Kind<EvidenceStore>;
  readonly MaintenanceWindow: Kind<MaintenanceWindow>;
  readonly PolicyWaiver: Kind<PolicyWaiver>;
  readonly ServiceLevelObjective: Kind<ServiceLevelObjective>;
};

export const resources: Resources = {
  "AnsibleRun": {
    "group": "holdfast.dev",
    "version": "v1alpha1",
    "plural": "ansibleruns",
    "kind": "AnsibleRun",
    "namespaced": true
  },
  "Approval": {
    "group": "holdfast.dev",
    "version": "v1alpha1",
    "plural": "approvals",
    "kind": "Approval",
    "namespaced": true
  },
  "CanaryRollout": {
    "group": "holdfast.dev",
    "version": "v1alpha1",
    "plural": "canaryrollouts",
    "kind": "CanaryRollout",
    "namespaced": true
  },
  "ClusterBaseline": {
    "group": "holdfast.dev",
    "version": "v1alpha1",
    "plural": "clusterbaselines",
    "kind": "ClusterBaseline",
    "namespaced": false
  },
  "Device": {
    "group": "holdfast.dev",
    "version": "v1alpha1",
    "plural": "devices",
    "kind": "Device",
    "namespaced": true
  },
  "DeviceBaseline": {
    "group": "holdfast.dev",
    "version": "v1alpha1",
    "plural": "devicebaselines",
    "kind": "DeviceBaseline",
    "namespaced": true
  },
  "DriftReport": {
    "group": "holdfast.dev",
    "version": "v1alpha1",
    "plural": "driftreports",
    "kind": "DriftReport",
    "namespaced": true
  },
  "EvidenceExport": {
    "group": "holdfast.dev",
    "version": "v1alpha1",
    "plural": "evidenceexports",
    "kind": "EvidenceExport",
    "namespaced": true
  },
  "EvidencePack": {
    "group": "holdfast.dev",
    "version": "v1alpha1",
    "plural": "evidencepacks",
    "kind": "EvidencePack",
    "namespaced": true
  },
  "EvidenceStore": {
    "group": "holdfast.dev",
    "version": "v1alpha1",
    "plural": "evidencestores",
    "kind": "EvidenceStore",
    "namespaced": true
  },
  "MaintenanceWindow": {
    "group": "holdfast.dev",
    "version": "v1alpha1",
    "plural": "maintenancewindows",
    "kind": "MaintenanceWindow",
    "namespaced": true
  },
  "PolicyWaiver": {
    "group": "holdfast.dev",
    "version": "v1alpha1",
    "plural": "policywaivers",
    "kind": "PolicyWaiver",
    "namespaced": true
  },
  "ServiceLevelObjective": {
    "group": "holdfast.dev",
    "version": "v1alpha1",
    "plural": "servicelevelobjectives",
    "kind": "ServiceLevelObjective",
    "namespaced": true
  }
};

export type KindName = keyof Resources;
