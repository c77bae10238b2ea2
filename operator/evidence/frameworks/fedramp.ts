/**
 * FedRAMP Rev. 5 moderate baseline: the moderate baseline of NIST and 36 controls more, 323 in all, under the ids and titles of NIST SP 800-53.
 * All of them were compared with FedRAMP's resolved catalog (2.1.0, OSCAL 1.0.4), which has the dash of IA-2(6) misspelled. Public domain. Pure.
 */
import type { Framework } from './framework.ts';
import { listedControls } from './listed.ts';
import { moderateControls } from './nistModerate.ts';

/** Controls of NIST SP 800-53 that are not in its own moderate baseline. */
export const beyondModerate = listedControls(`
AC-2(7) Privileged User Accounts
AC-2(9) Restrictions on Use of Shared and Group Accounts
AC-2(12) Account Monitoring for Atypical Usage
AC-4(21) Physical or Logical Separation of Information Flows
CA-2(3) Leveraging Results from External Organizations
CA-8 Penetration Testing
CA-8(1) Independent Penetration Testing Agent or Team
CA-8(2) Red Team Exercises
CM-5(1) Automated Access Enforcement and Audit Records
CM-5(5) Privilege Limitation for Production and Operation
CM-6(1) Automated Management, Application, and Verification
IA-2(5) Individual Authentication with Group Authentication
IA-2(6) Access to Accounts — Separate Device
IA-5(7) No Embedded Unencrypted Static Authenticators
IR-9 Information Spillage Response
IR-9(2) Training
IR-9(3) Post-spill Operations
IR-9(4) Exposure to Unauthorized Personnel
MA-5(1) Individuals Without Appropriate Access
PE-13(2) Suppression Systems — Automatic Activation and Notification
PS-3(3) Information Requiring Special Protective Measures
RA-5(3) Breadth and Depth of Coverage
SA-9(1) Risk Assessments and Organizational Approvals
SA-9(5) Processing, Storage, and Service Location
SA-11(1) Static Code Analysis
SA-11(2) Threat Modeling and Vulnerability Analyses
SC-7(12) Host-based Protection
SC-7(18) Fail Secure
SC-45 System Time Synchronization
SC-45(1) Synchronization with Authoritative Time Source
SI-2(3) Time to Remediate Flaws and Benchmarks for Corrective Actions
SI-4(1) System-wide Intrusion Detection System
SI-4(16) Correlate Monitoring Information
SI-4(18) Analyze Traffic and Covert Exfiltration
SI-4(23) Host-based Devices
SI-6 Security and Privacy Function Verification
`);

export const fedrampModerate: Framework = {
  id: 'FEDRAMP-MODERATE',
  aliases: ['FEDRAMP', 'FEDRAMP-MODERATE-REV5', 'FEDRAMP-REV5-MODERATE'],
  title: 'FedRAMP Moderate',
  version: 'Rev. 5',
  controls: [...moderateControls, ...beyondModerate].map((control) => ({
    ...control,
    mapsTo: [`NIST-800-53:${control.id}`],
  })),
};
