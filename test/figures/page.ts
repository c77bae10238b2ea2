/** Figures in a page, between two marks. */
const marks = /(<!-- figures: make figures -->\n)[\s\S]*(\n<!-- end of figures -->)/;

export function withFigures(page: string, made: string): string {
  if (!marks.test(page)) throw new Error('The page has no marks for figures.');
  return page.replace(marks, (_, begin: string, end: string) => `${begin}\n${made}\n${end}`);
}
