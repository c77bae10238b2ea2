/** What Kubernetes 1.35 says of each expression; test/integration/celAgreement.test.ts asks a real apiserver for the same. */
import { describe, expect, test } from '@jest/globals';
import { failing, holding, refused } from '../../test/builders/celCases.ts';
import { compile } from './compile.ts';

function run(expression: string) {
  const compiled = compile({ expression });
  return compiled.is === 'compiled' ? compiled.program.run({ object: {} }) : compiled;
}

describe('holds', () => {
  test.each(holding)('%s', (expression) => {
    expect(run(expression)).toEqual({ is: 'holds' });
  });
});

describe('is an error', () => {
  test.each(failing)('%s', (expression) => {
    expect(run(expression)).toEqual({ is: 'error', message: expect.any(String) });
  });
});

describe('is not taken', () => {
  test.each(refused)('%s', (expression) => {
    expect(run(expression)).toEqual({ is: 'invalid', message: expect.stringMatching(/^the expression/) });
  });
});
