/** Situations of `sysctl` in which TuneD has the last word at boot, or nobody has any. */
import type { HostCase } from './case.ts';

const issue = (text: string): string => `https://github.com/${text}`;
const sack = 'net.ipv4.tcp_sack';
const persisted = (value: string): HostCase['declare'] => ({ sysctl: { name: sack, value, scope: 'Persisted' } });
const wants = '/etc/systemd/system/multi-user.target.wants/tuned.service';
/** A profile that includes another, which sets 1 where it sets 0 itself. */
const profile = `mkdir -p /etc/tuned /usr/lib/tuned/hf /usr/lib/tuned/hf-base; echo hf >/etc/tuned/active_profile; printf '[main]\\ninclude=hf-base\\n\\n[sysctl]\\n${sack} = 0\\n' >/usr/lib/tuned/hf/tuned.conf; printf '[sysctl]\\n${sack}=1\\n[vm]\\n' >/usr/lib/tuned/hf-base/tuned.conf; printf '[Service]\\nExecStart=/bin/true\\n' >/usr/lib/systemd/system/tuned.service; ln -sf /usr/lib/systemd/system/tuned.service ${wants}`;
const cleared = `rm -rf /etc/tuned /usr/lib/tuned /etc/sysctl.d/70-hf.conf /usr/lib/sysctl.d/70-hf.conf ${wants} /usr/lib/systemd/system/tuned.service`;

export const tunedSysctl: readonly HostCase[] = [
  {
    name: 'the profile of TuneD outdoes what packages have in sysctl.d',
    source: issue('redhat-performance/tuned/pull/226'),
    declare: persisted('1'),
    given: `${profile}; echo '${sack} = 1' >/usr/lib/sysctl.d/70-hf.conf`,
    found: ['persisted is 0, not 1'],
    corrected: `grep -qx '${sack} = 1' /etc/sysctl.d/99-zz-holdfast.conf`,
    cleared,
  },
  {
    name: 'what it sets is set at boot',
    source: issue('redhat-performance/tuned/issues/409'),
    declare: persisted('0'),
    given: profile,
    found: [],
    cleared,
  },
  {
    name: 'it sets anew what is in /etc/sysctl.d',
    source: issue('redhat-performance/tuned/issues/816'),
    declare: persisted('1'),
    given: `${profile}; echo '${sack} = 1' >/etc/sysctl.d/70-hf.conf`,
    found: [],
    cleared,
  },
  {
    name: 'unless it is told not to',
    source: issue('openshift/cluster-node-tuning-operator/pull/566'),
    declare: persisted('1'),
    given: `${profile}; echo '${sack} = 1' >/etc/sysctl.d/70-hf.conf; echo 'reapply_sysctl = 0' >/etc/tuned/tuned-main.conf`,
    found: ['persisted is 0, not 1'],
    manual: /^\/usr\/lib\/tuned\/hf\/tuned.conf sets it when TuneD starts.*: change the profile$/,
    cleared,
  },
  {
    name: 'it sets /etc/sysctl.conf after all other files',
    source: issue('redhat-performance/tuned/issues/409'),
    declare: persisted('1'),
    given: `${profile}; echo '${sack} = 1' >/etc/sysctl.d/zz-hf.conf; cp -p /etc/sysctl.conf /root/hf.sysctl; echo '${sack} = 0' >>/etc/sysctl.conf`,
    found: ['persisted is 0, not 1'],
    manual: /^TuneD sets again what is in .etc.sysctl.conf after all other files/,
    cleared: `cp -p /root/hf.sysctl /etc/sysctl.conf; rm /etc/sysctl.d/zz-hf.conf; ${cleared}`,
  },
  {
    name: 'a TuneD that the boot does not start sets nothing',
    declare: persisted('1'),
    given: `${profile}; rm ${wants}; echo '${sack} = 1' >/usr/lib/sysctl.d/70-hf.conf`,
    found: [],
    cleared,
  },
  {
    name: 'what nobody can set is not asked of sysctl.d',
    source: issue('ComplianceAsCode/content/issues/3516'),
    declare: { sysctl: { name: 'kernel.random.poolsize', value: '256' } },
    found: [/^unknown: the kernel lets nobody set this parameter.*declare `scope: Live`$/],
  },
  {
    name: 'and nothing is written where it differs',
    declare: { sysctl: { name: 'kernel.random.poolsize', value: '1' } },
    found: [/^live is /, /^persisted is not set/],
    manual: /^the kernel lets nobody set this parameter/,
  },
];
