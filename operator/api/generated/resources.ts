// Generated from operator/api/v1alpha1; change that and run `make generate`.

export const resources = {
  "AnsibleRun": {
    "group": "holdfast.dev",
    "version": "v1alpha1",
    "plural": "ansibleruns",
    "kind": "AnsibleRun",
    "namespaced": true,
    "shortNames": [
      "har"
    ]
  },
  "Approval": {
    "group": "holdfast.dev",
    "version": "v1alpha1",
    "plural": "approvals",
    "kind": "Approval",
    "namespaced": true,
    "shortNames": [
      "happ"
    ]
  },
  "ClusterBaseline": {
    "group": "holdfast.dev",
    "version": "v1alpha1",
    "plural": "clusterbaselines",
    "kind": "ClusterBaseline",
    "namespaced": false,
    "shortNames": [
      "hcb"
    ]
  },
  "Device": {
    "group": "holdfast.dev",
    "version": "v1alpha1",
    "plural": "devices",
    "kind": "Device",
    "namespaced": true,
    "shortNames": [
      "hdev"
    ]
  },
  "DeviceBaseline": {
    "group": "holdfast.dev",
    "version": "v1alpha1",
    "plural": "devicebaselines",
    "kind": "DeviceBaseline",
    "namespaced": true,
    "shortNames": [
      "hdb"
    ]
  },
  "DriftReport": {
    "group": "holdfast.dev",
    "version": "v1alpha1",
    "plural": "driftreports",
    "kind": "DriftReport",
    "namespaced": true,
    "shortNames": [
      "hdr"
    ]
  },
  "MaintenanceWindow": {
    "group": "holdfast.dev",
    "version": "v1alpha1",
    "plural": "maintenancewindows",
    "kind": "MaintenanceWindow",
    "namespaced": true,
    "shortNames": [
      "hmw"
    ]
  },
  "PolicyWaiver": {
    "group": "holdfast.dev",
    "version": "v1alpha1",
    "plural": "policywaivers",
    "kind": "PolicyWaiver",
    "namespaced": true,
    "shortNames": [
      "hpw"
    ]
  }
} as const;

export type Kind = keyof typeof resources;
