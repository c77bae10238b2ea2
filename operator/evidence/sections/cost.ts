/** The section Cost. Nothing measures cost yet: the section says so, and invents no number. Pure. */
import { heading } from './heading.ts';
import { list, object, number, sectionSchema, text } from './schema.ts';
import type { Section } from './section.ts';

const schema = sectionSchema(
  { name: 'Cost', description: 'What was spent in the period, by source. A source that does not exist has no number.' },
  {
    costs: list(
      'Amounts, by source.',
      object('An amount.', {
        source: text('What measured it.'),
        amount: number('The amount.'),
        currency: text('Its currency, such as `EUR`.'),
      }),
    ),
  },
);

export const cost: Section = {
  name: 'Cost',
  stem: 'cost',
  schema,
  build(input) {
    const missing = [{ what: 'costs', reason: 'no source of costs is configured: this version of Holdfast has none' }];
    return { missing, content: { ...heading('Cost', input, missing), costs: [] } };
  },
};
