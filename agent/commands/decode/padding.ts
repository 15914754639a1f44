// Removes what some senders fill the texts of fixed length with.

/** Removes NULs at the end. */
export const withoutPadding = (text: string): string => (text.endsWith("\0") ? text.replace(/\0+$/, "") : text);
