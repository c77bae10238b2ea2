import type { Declaration } from '../../../../runtime/feature.ts';

const widget = { group: 'holdfast.dev', version: 'v1alpha1', kind: 'Widget', plural: 'widgets', namespaced: true };

export const features: readonly Declaration[] = [{ kind: widget }];
