/**
 * SOX IT general controls, in the four domains that PCAOB AS 2201 and COSO-based audits test, mapped onto controls of NIST SP 800-53. The
 * mapping is our reading, not a standard. Pure.
 */
import type { Framework } from './framework.ts';
import { mapped } from './mapped.ts';

export const soxItgc: Framework = {
  id: 'SOX-ITGC',
  aliases: ['SOX', 'ITGC'],
  title: 'Sarbanes-Oxley Act, section 404: IT general controls',
  version: 'mapping 1',
  controls: [
    mapped(
      'APD-1',
      'Access to programs and data: accounts are authorized and reviewed',
      'AC-2 AC-2(1) AC-2(3) AC-2(4)',
    ),
    mapped('APD-2', 'Access to programs and data: least privilege', 'AC-3 AC-6 AC-6(1) AC-6(2) AC-6(5) AC-6(10)'),
    mapped('APD-3', 'Access to programs and data: users are authenticated', 'IA-2 IA-2(1) IA-2(2) IA-5 IA-5(1) AC-7'),
    mapped('APD-4', 'Access to programs and data: duties are separated', 'AC-5 AC-6(7)'),
    mapped('APD-5', 'Access to programs and data: privileged acts are logged', 'AU-2 AU-3 AU-9 AU-12 AC-6(9)'),
    mapped('PC-1', 'Program changes: changes are authorized and tested', 'CM-3 CM-3(2) CM-4 CM-4(2)'),
    mapped('PC-2', 'Program changes: access to change is restricted', 'CM-5 CM-7 CM-7(2)'),
    mapped('PC-3', 'Program changes: baselines are kept and deviations found', 'CM-2 CM-2(2) CM-6 SI-7'),
    mapped('PD-1', 'Program development: development follows a life cycle', 'SA-3 SA-8 SA-10 SA-11'),
    mapped('CO-1', 'Computer operations: backups are made and restored', 'CP-9 CP-9(1) CP-10'),
    mapped('CO-2', 'Computer operations: incidents are handled', 'IR-4 IR-5 IR-6'),
    mapped('CO-3', 'Computer operations: systems are monitored', 'AU-6 CA-7 SI-4'),
  ],
};
