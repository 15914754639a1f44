// Returns the message of a thrown value, which may not be an Error.

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
