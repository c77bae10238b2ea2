/** One of each kind as it looks in a large fleet, for what shows objects: long names, high counts, everything wrong. */

export const key = `ssh-ed25519 ${'A'.repeat(68)}`;
export const device = {
  ssh: { host: 'web-01', user: 'holdfast', hostKeys: [key], credentialsRef: { name: 'fleet-ssh' } },
};
export const check = { name: 'motd', file: { path: '/etc/motd', state: 'Present' } };
export const baseline = { selector: {}, checks: [check] };
export const serviceAccountRef = { namespace: 'default', name: 'writer' };
export const template = {
  name: 'settings',
  template: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace: 'default' } },
};
export const waiver = {
  source: { kind: 'DeviceBaseline', name: 'rhel9' },
  checks: ['motd'],
  targets: { names: ['web-01'] },
  reason: 'migration',
  requestedBy: 'alice',
  expiryTime: '2100-01-01T00:00:00Z',
};
export const digest = `sha256:${'0'.repeat(64)}`;
export const run = { deviceNames: ['web-01'], checks: [check] };

const conditions = (
  status: Record<string, 'True' | 'False' | 'Unknown'>,
  message: string,
  reason = 'NotAllHostsComply',
) =>
  Object.entries(status).map(([type, is]) => ({
    type,
    status: is,
    reason,
    message,
    lastTransitionTime: '2026-01-01T00:00:00Z',
  }));

/** One of each kind as it looks in a large fleet: long names, high counts, everything wrong. */
export const full: Record<string, { name: string; spec: object; status: object }> = {
  Device: {
    name: 'web-frontend-01',
    spec: device,
    status: {
      conditions: conditions(
        { Ready: 'False', Reachable: 'Unknown', Compliant: 'Unknown', Suspended: 'False' },
        'a long sentence '.repeat(9),
        'AuthenticationFailed',
      ),
      facts: { os: 'rhel', version: '9.6' },
      summary: { score: '117/120', drift: '12 (10 critical)', unknown: 3, revision: '1f2e3d4c' },
    },
  },
  DeviceBaseline: {
    name: 'cis-rhel9-level-2',
    spec: { ...baseline, mode: 'Enforce' },
    status: {
      conditions: conditions(
        { Ready: 'Unknown', Compliant: 'False', Suspended: 'False' },
        'a long sentence '.repeat(9),
      ),
      devices: { total: 9900, compliant: 9000, drifted: 800, waived: 50, unknown: 50 },
      summary: { compliant: '9000/9900', correction: 'Contended', correctionMessage: 'a long sentence '.repeat(9) },
    },
  },
  CanaryRollout: {
    name: 'cis-rhel9-level-2',
    spec: { target: { deviceBaselineRef: { name: 'rhel9' } } },
    status: {
      conditions: conditions({ Ready: 'True', Progressing: 'False' }, 'a long sentence '.repeat(9)),
      summary: { revision: '1f2e3d4c', step: '2/3 50%', hosts: '4999/5000', state: 'RollbackIncomplete' },
      verdict: { result: 'Inconclusive', time: '2026-01-01T00:00:00Z', message: 'a long sentence '.repeat(9) },
    },
  },
  ClusterBaseline: {
    name: 'platform-defaults',
    spec: { serviceAccountRef, objects: [template], mode: 'Enforce' },
    status: {
      conditions: conditions(
        { Ready: 'Unknown', Compliant: 'False', Suspended: 'False' },
        'a long sentence '.repeat(9),
      ),
      objects: { total: 9900, compliant: 9000, drifted: 800, waived: 50, unknown: 50 },
      summary: { compliant: '9000/9900', correction: 'Contended', correctionMessage: 'a long sentence '.repeat(9) },
    },
  },
  DriftReport: {
    name: 'cis-rhel9-level-2.web-frontend-01',
    spec: {},
    status: {
      result: 'NotApplicable',
      summary: { pass: 100, fail: 12, waived: 3, unknown: 4, notApplicable: 2, drift: '12 (10 critical)' },
      observedTime: '2026-01-01T00:00:00Z',
    },
  },
  AnsibleRun: {
    name: 'cis-rhel9-level-2-117',
    spec: { ...run, mode: 'Apply', baselineRef: { name: 'cis-rhel9-level-2' } },
    status: {
      conditions: conditions({ Succeeded: 'Unknown' }, 'm'),
      startTime: '2026-01-01T00:00:00Z',
      summary: '117/120 verified',
    },
  },
  PolicyWaiver: {
    name: 'legacy-crypto',
    spec: waiver,
    status: {
      conditions: conditions({ Ready: 'Unknown', Effective: 'Unknown' }, 'a long sentence '.repeat(9)),
      decision: 'InfoRequested',
      matchedFindings: 117,
      closure: '2/5',
      summary: 'a long sentence '.repeat(9),
    },
  },
  Approval: {
    name: 'legacy-crypto-yes',
    spec: {
      subjectRef: { kind: 'PolicyWaiver', name: 'legacy-crypto' },
      subjectDigest: digest,
      decision: 'Approve',
      approver: 'bob@example.com',
      role: 'risk-owner',
    },
    status: { conditions: conditions({ Counts: 'False' }, 'm') },
  },
  MaintenanceWindow: {
    name: 'sunday-night',
    spec: { timeZone: 'America/New_York', windows: [{ schedule: '0 2 * * 0', durationSeconds: 3600 }] },
    status: {
      conditions: conditions({ Ready: 'True', Open: 'False', Suspended: 'False' }, 'm'),
      summary: 'opens Sun 2026-11-29 02:00 America/New_York',
    },
  },
  EvidencePack: {
    name: 'nightly-evidence',
    spec: { storeRef: { name: 'local' }, signing: { keyRef: { name: 'evidence-key' } } },
    status: {
      conditions: conditions(
        { Ready: 'Unknown', Signed: 'Unknown', Complete: 'Unknown', Stored: 'Unknown', Suspended: 'True' },
        'm',
      ),
      nextTime: '2026-11-28T02:00:00Z',
      last: {
        sequence: 1234,
        digest,
        uri: `s3://${'b'.repeat(63)}/holdfast.dev/default/local/packs/nightly-evidence/00001234.sigstore.json`,
        time: '2026-01-01T00:00:00Z',
        periodEnd: '2026-01-01T00:00:00Z',
        complete: true,
      },
    },
  },
  EvidenceExport: {
    name: 'q4-audit',
    spec: { storeRef: { name: 'local' }, requestedBy: 'carol@example.com', reason: 'Audit of Q4 2026' },
    status: {
      conditions: conditions({ Ready: 'Unknown', Recorded: 'Unknown', Available: 'Unknown', Verified: 'True' }, 'm'),
      startTime: '2026-11-28T02:00:00.123Z',
      expiryTime: '2026-11-28T02:00:00Z',
      archive: {
        ...{ digest, bytes: 1_234_567_890, key: 'exports/q4-audit.tar', leftOut: 0, verdict: 'Verified' },
        packs: [{ name: 'nightly', first: 1, last: 92, count: 92 }],
        recordedTime: '2026-11-28T02:00:00Z',
        uri: `s3://${'b'.repeat(63)}/holdfast.dev/default/local/exports/q4-audit.tar`,
      },
    },
  },
  EvidenceStore: {
    name: 'audit-compliance',
    spec: {
      s3: {
        endpoint: 'main',
        bucket: 'evidence',
        credentialsRef: { name: 'keys' },
        objectLock: { mode: 'Compliance', retentionDays: 36500 },
      },
    },
    status: {
      conditions: conditions({ Ready: 'Unknown', Locked: 'Unknown', Held: 'Unknown' }, 'm'),
      nextDisposalTime: '2026-11-28T02:00:00Z',
      uri: `s3://${'b'.repeat(63)}/${'p'.repeat(100)}/holdfast.dev/default/audit-compliance`,
      probe: { time: '2026-01-01T00:00:00Z', revision: digest, key: 'probes/a.json', versionId: 'v'.repeat(1024) },
    },
  },
  ServiceLevelObjective: {
    name: 'checkout-availability',
    spec: { indicator: { ratio: { errors: 'e', total: 't' } }, objectivePercent: '99.95' },
    status: {
      conditions: conditions({ Ready: 'True', Met: 'Unknown', Suspended: 'False' }, 'm'),
      attainmentPercent: '99.9312',
      errorBudgetRemainingPercent: '-137.5',
      burnRates: [{ window: '1h', rate: '14.4', samples: 1_200_000 }],
      summary: 'a long sentence '.repeat(9),
    },
  },
};
