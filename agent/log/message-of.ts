// What to print of something thrown, which need not be an Error.

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
