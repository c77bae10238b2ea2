/** The validator of all kinds of Holdfast: for samples, builders and objects that do not come from the API server. */
import { schemas } from './generated/schemas.ts';
import { createValidator } from './validator.ts';

/** What is wrong with the object, one sentence a problem, starting with the path of the field; none means valid. */
export const validate = createValidator(schemas);
