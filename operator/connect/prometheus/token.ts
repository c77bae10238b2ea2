/** The bearer token in a file's text. Pure. */

/** Throws a fragment where the text cannot be sent as one. It is never part of a message. */
export function tokenIn(text: string): string {
  const token = text.trim();
  if (token === '') throw new Error('is empty');
  if (!/^[!-~]{1,16384}$/.test(token))
    throw new Error('is not a bearer token: it has blanks or characters beyond ASCII');
  return token;
}
