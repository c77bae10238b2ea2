import { expect, test } from '@jest/globals';
import { ApiError } from './apiError.ts';
import { explain } from './watchEvent.ts';

test.each([
  ['devices.holdfast.dev', 'apply the CRDs (crds/)'],
  ['validatingadmissionpolicies.admissionregistration.k8s.io', 'enable that API; Kubernetes has it from 1.30'],
])('where %s is not served, the log says what to do: %s', (name, advice) => {
  const error = new ApiError('list', 404, { reason: 'NotFound' });
  expect(explain(error, name)).toBe(
    `The apiserver does not serve ${name}; ${advice}, and the operator continues automatically.`,
  );
});
