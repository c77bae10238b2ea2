import tseslint from 'typescript-eslint';

/** Files with functions of more than four parameters: none is to be added. */
const manyParameters = ['operator/runtime/metrics.ts'];

export default tseslint.config(
  { ignores: ['node_modules/**', 'dist/**', 'operator/api/generated/**', 'reports/**'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportDefaultDeclaration',
          message: 'Export by name: a default export has no name to search for.',
        },
      ],
    },
  },
  {
    files: ['operator/**/*.ts'],
    ignores: ['operator/**/*.test.ts', ...manyParameters],
    rules: { 'max-params': ['error', 4] },
  },
  { files: ['*.config.mjs', 'eslint.config.mjs', 'bin/*.mjs'], ...tseslint.configs.disableTypeChecked },
  { files: ['*.config.mjs', 'eslint.config.mjs'], rules: { 'no-restricted-syntax': 'off' } },
);
