import type { Access } from '../../../rbac.ts';

export const access: Access[] = [{ group: 'holdfast.dev', resources: ['widgets'], verbs: ['list', 'watch'] }];
