/**
 * Regulation (EU) 2016/679, Article 32 (security of processing), mapped onto controls of NIST SP 800-53. The mapping is our reading, not a
 * standard; whether processing is lawful is not evaluated by any check. Pure.
 */
import type { Framework } from './framework.ts';
import { mapped } from './mapped.ts';

export const gdprArticle32: Framework = {
  id: 'GDPR-32',
  aliases: ['GDPR', 'GDPR-ART-32', 'GDPR-ARTICLE-32'],
  title: 'GDPR Article 32: security of processing',
  version: 'mapping 1',
  controls: [
    mapped('32(1)(a)', 'Pseudonymization and encryption of personal data', 'SC-8 SC-8(1) SC-12 SC-13 SC-28 SC-28(1)'),
    mapped(
      '32(1)(b)',
      'Ongoing confidentiality, integrity, availability and resilience',
      'AC-2 AC-3 AC-6 CM-6 CM-7 IA-2 IA-5 SC-5 SC-7 SI-2 SI-3 SI-7',
    ),
    mapped('32(1)(c)', 'Availability and access are restored in a timely manner', 'CP-2 CP-9 CP-10 IR-4'),
    mapped('32(1)(d)', 'Measures are regularly tested, assessed and evaluated', 'CA-2 CA-7 CP-4 RA-5'),
    mapped('32(2)', 'Risks of processing are assessed', 'RA-3 RA-5'),
    mapped('32(4)', 'People process data only as instructed', 'AC-5 AT-2 AU-2 AU-12 PS-6'),
  ],
};
