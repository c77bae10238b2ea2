/** Long work in pieces, so that whatever else is to be done in this process does not wait for the end of it. Pure. */

/** Resolves in another turn of the event loop, after what waits now had its turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
