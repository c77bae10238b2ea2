/** Text as a regular expression of Python that matches just this text. */

export function pythonPattern(text: string): string {
  return text.replace(/[^A-Za-z0-9_\u{80}-\u{10ffff}]/gu, '\\$&');
}
