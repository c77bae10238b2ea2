/** The table of check types: a new one is one file and one row here. */
import { authorizedKeys } from './authorizedKeys.ts';
import type { CheckKey, CheckType } from './checkType.ts';
import { file } from './file.ts';
import { group } from './group.ts';
import { kernelModule } from './kernelModule.ts';
import { line } from './line.ts';
import { mount } from './mount.ts';
import { rpmPackage } from './package.ts';
import { selinux } from './selinux.ts';
import { service } from './service.ts';
import { setting } from './setting.ts';
import { sshd } from './sshd.ts';
import { sysctl } from './sysctl.ts';
import { user } from './user.ts';

/** A check type whatever it observes. What its `parse` returns is what its `compare` and `asFound` take. */
export type AnyCheckType<K extends CheckKey> = CheckType<K, unknown>;

export const checkTypes: { readonly [K in CheckKey]: AnyCheckType<K> } = {
  file,
  line,
  setting,
  sshd,
  sysctl,
  package: rpmPackage,
  service,
  user,
  group,
  mount,
  kernelModule,
  selinux,
  authorizedKeys,
};
