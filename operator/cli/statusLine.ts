/** One line at the bottom of a terminal, replaced in place. */

interface Terminal {
  readonly columns?: number;
  write(text: string): unknown;
}

const clear = '\r\x1b[K';

/** `show` replaces the line; without one, the line is empty, and the next output begins there. */
export function statusLine(terminal: Terminal): { readonly show: (line: string | undefined) => void } {
  let isShown = false;
  return {
    show(line) {
      if (line === undefined && !isShown) return;
      isShown = line !== undefined;
      // In its last column a terminal may begin another line, which nothing would remove. The text is ours, in ASCII but for `…`.
      const most = Math.max(1, (terminal.columns || 80) - 1);
      terminal.write(line === undefined ? clear : clear + line.slice(0, most));
    },
  };
}
