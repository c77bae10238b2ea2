/** How many columns of a terminal a text takes: characters of East Asia and most emoji take two, combining ones none. Pure. */
import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

export function widthOf(text: string): number {
  // Most of what is printed is this; the rest is slow.
  return /^[\x20-\x7e]*$/.test(text) ? text.length : stringWidth(text);
}

export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** The text within so many columns, its end replaced by `…` where it was wider. */
export function cut(text: string, width: number): string {
  return widthOf(text) <= width ? text : `${piecesOf(text, Math.max(1, width - 1))[0] ?? ''}…`;
}

/** Cut where characters end; a character that is wider than a piece is one by itself. */
export function piecesOf(text: string, width: number): string[] {
  if (widthOf(text) <= width) return [text];
  const pieces: string[] = [];
  let room = 0;
  for (const { segment } of graphemes.segment(text)) {
    const takes = widthOf(segment);
    if (takes > room) {
      pieces.push(segment);
      room = width - takes;
    } else {
      pieces[pieces.length - 1] += segment;
      room -= takes;
    }
  }
  return pieces;
}
