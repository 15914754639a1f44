// Tells errors of the system apart.

/** Returns the name of the errno of a thrown value, or the code of an error of Node.js. */
export const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | undefined)?.code;
