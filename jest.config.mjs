/** Two projects: `unit` needs nothing but Node; `integration` starts real control planes, hosts and Ansible; `make integration` sets them up. */
const common = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
    ],
  },
};

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
      ],
    },
    {
      ...common,
      displayName: 'integration',
      testMatch: ['<rootDir>/test/integration/**/*.test.ts', '<rootDir>/test/{cluster,fleet,wire}/**/*.test.ts'],
    },
  ],
};
