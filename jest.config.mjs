/**
 * Five projects: `unit` needs nothing but Node; `programs` runs a shell, OpenSSH and other programs of this machine;
 * `integration` starts real control planes, hosts and Ansible, which `make integration` sets up;
 * `e2e` installs the operator on a real node as well: `make e2e`;
 * `faults` starts what `integration` does, and takes minutes: `make faults NAME=hosts` runs it.
 */
const common = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  // A copy of the operator, whose package has the same name.
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
    ],
  },
};

/** Tests of what runs on hosts and what reaches them; of the schema of OSCAL, which is downloaded; of `kubectl-holdfast`, `diff`, a program that gives a token, and openssl. */
const programs = [
  '**/operator/connect/ssh/**/*.test.ts',
  '**/operator/drift/{checks,probe}/**/*.test.ts',
  '**/operator/cli/plugin.test.ts',
  '**/operator/cli/startUp.test.ts',
  '**/operator/cli/complete/shells.test.ts',
  '**/operator/cli/check/**/*.test.ts',
  '**/operator/cli/import/inventory/scan.test.ts',
  '**/operator/evidence/oscal/schema.test.ts',
  '**/operator/tools/{bundle,generate}.test.ts',
  '**/operator/lib/trust.test.ts',
  '**/operator/runtime/kubeconfig.test.ts',
  '**/operator/start.test.ts',
  '**/test/adding.test.ts',
  '**/test/monitoring/*.test.ts',
];

export default {
  // Only ends what hangs: machines are slow and busy at times.
  testTimeout: 60_000,
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/operator/**/*.test.ts',
        '<rootDir>/test/*.test.ts',
        '<rootDir>/test/builders/**/*.test.ts',
        ...programs.map((files) => `!${files}`),
      ],
      moduleNameMapper: { '^(node:)?child_process$': '<rootDir>/test/noPrograms.ts' },
    },
    { ...common, displayName: 'programs', testMatch: programs },
    {
      ...common,
      displayName: 'integration',
      testMatch: ['<rootDir>/test/integration/**/*.test.ts', '<rootDir>/test/{cluster,fleet,wire}/**/*.test.ts'],
    },
    { ...common, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'] },
    { ...common, displayName: 'faults', testMatch: ['<rootDir>/test/faults/**/*.test.ts'] },
  ],
};
