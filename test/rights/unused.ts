/** Rights that no request to the apiserver shows, and what they are for. */
export const unused: Readonly<Record<string, string>> = {};
