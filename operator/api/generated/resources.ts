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
  }
} as const;

export type Kind = keyof typeof resources;
