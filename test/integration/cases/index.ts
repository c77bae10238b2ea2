/** The situations of every check type, by its name. */
import type { CheckKey } from '../../../operator/drift/checks/checkType.ts';
import { authorizedKeys } from './authorizedKeys.ts';
import type { HostCase } from './case.ts';
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

export const cases: { readonly [K in CheckKey]: readonly HostCase[] } = {
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
