/** Rights that no request to the apiserver shows, and what they are for. */
const ofApply = 'the apiserver asks for it when a server-side apply creates the object; its audit log says patch';
const ofOwners = 'OwnerReferencesPermissionEnforcement, as in OpenShift, asks for it when an owned object is created';
const ofStatus = 'policies/status.yaml asks for it when a status is written';
const ofMetrics = 'for who asks for metrics over the network';

const kinds = (...plurals: string[]) => plurals.map((plural) => `${plural}.holdfast.dev`);
const all = kinds(
  'ansibleruns',
  'approvals',
  'canaryrollouts',
  'clusterbaselines',
  'devicebaselines',
  'devices',
  'driftreports',
);
const owners = ['ansibleruns', 'clusterbaselines', 'devicebaselines', 'devices', 'servicelevelobjectives'];
const each = (rights: readonly string[], why: string) => rights.map((right) => [right, why] as const);

/** Those that a run of the tests uses or does not, as its caches happen to be late. */
export const seldomUsed: Readonly<Record<string, string>> = {
  'get devicebaselines.holdfast.dev':
    'a baseline whose record of a run the cache does not show is read from the apiserver',
};

export const unused: Readonly<Record<string, string>> = Object.fromEntries([
  ...Object.entries(seldomUsed),
  ...each(
    [
      ...all,
      ...kinds(
        'evidenceexports',
        'evidencepacks',
        'evidencestores',
        'maintenancewindows',
        'policywaivers',
        'servicelevelobjectives',
      ),
    ].map((kind) => `write-status ${kind}`),
    ofStatus,
  ),
  ...each(
    owners.map((plural) => `update ${plural}/finalizers.holdfast.dev`),
    ofOwners,
  ),
  ...each(
    [
      'create driftreports.holdfast.dev',
      'create controllerrevisions.apps',
      'create prometheusrules.monitoring.coreos.com',
      'create policyreports.wgpolicyk8s.io',
      'create reports.openreports.io',
    ],
    ofApply,
  ),
  [
    'delete controllerrevisions.apps',
    'the oldest revisions of a baseline, beyond 10 that no host has; no test makes so many',
  ],
  ['delete ansibleruns.holdfast.dev', 'the oldest runs of a baseline, beyond 50; no test makes 51 (decide.test.ts)'],
  [
    'get validatingadmissionpolicies.admissionregistration.k8s.io',
    'a policy that was altered is read with its managers; the tests alter bindings, which is the same code',
  ],
]);

const ofRollouts = Object.fromEntries([
  ...each(
    ['patch', 'get', 'list'].map((verb) => `${verb} controllerrevisions.apps`),
    'no baseline is rolled out',
  ),
  ['patch canaryrollouts/status.holdfast.dev', 'there is no CanaryRollout'],
  ...each(
    [
      'patch servicelevelobjectives/status.holdfast.dev',
      'patch configmaps',
      'get prometheusrules.monitoring.coreos.com',
      'patch prometheusrules.monitoring.coreos.com',
    ],
    'there is no ServiceLevelObjective',
  ),
]);

/** Those that `make e2e` does not use beside, because it does not do what they are for; `make rights` sees them in use. */
export const unusedInstalled: Readonly<Record<string, string>> = {
  ...unused,
  'create subjectaccessreviews.authorization.k8s.io': ofMetrics,
  'create tokenreviews.authentication.k8s.io': ofMetrics,
  'get ansibleruns.holdfast.dev': 'a run that another one undoes is read in full',
  'get clusterbaselines.holdfast.dev': 'a baseline whose author is in doubt is read with its managers',
  'get policywaivers.holdfast.dev': 'a waiver whose requester is in doubt is read with its managers',
  'get evidencestores.holdfast.dev': 'nothing is deleted, for which the EvidenceStore is read again',
  'get evidenceexports.holdfast.dev': 'an export whose requester is in doubt is read with its managers',
  'get configmaps': 'playbooks, and the data of a Job that is looked for after a crash',
  'get serviceaccounts': 'whether an account that may not be used exists',
  'get validatingadmissionpolicybindings.admissionregistration.k8s.io':
    'a binding that was altered is read with its managers',
  'patch maintenancewindows/status.holdfast.dev': 'there is no MaintenanceWindow',
  ...Object.fromEntries(
    each(
      ['get', 'patch'].flatMap((verb) => [`${verb} policyreports.wgpolicyk8s.io`, `${verb} reports.openreports.io`]),
      '`--policy-reports` is not set',
    ),
  ),
  ...ofRollouts,
};
