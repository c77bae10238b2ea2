/** The one list of frameworks that are shipped. A ConfigMap can add others (`custom.ts`). Pure. */
import { cisControls } from './cis.ts';
import { fedrampModerate } from './fedramp.ts';
import type { Framework } from './framework.ts';
import { gdprArticle32 } from './gdpr.ts';
import { moderateControls } from './nistModerate.ts';
import { soxItgc } from './sox.ts';

export const nist80053: Framework = {
  id: 'NIST-800-53',
  aliases: [
    'NIST-SP-800-53',
    'NIST-800-53-R5',
    'NIST-SP-800-53-R5',
    'NIST-800-53-REV5',
    'NIST-SP-800-53-REV5',
    'SP-800-53',
  ],
  title: 'NIST SP 800-53 Moderate',
  version: 'Rev. 5.1.1',
  controls: moderateControls,
};

export const frameworks: readonly Framework[] = [nist80053, cisControls, fedrampModerate, soxItgc, gdprArticle32];
