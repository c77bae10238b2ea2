/** Waits for a condition within this process, and fails with what was seen when it does not come. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  milliseconds = 10_000,
): Promise<void> {
  const deadline = performance.now() + milliseconds;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`It never came that ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
