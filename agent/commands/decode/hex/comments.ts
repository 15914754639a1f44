// Removes comments of a shell, C, Go or Python from a line of digits.

export const withoutComments = (line: string): string => line.replace(/#.*$|\/\/.*$|\/\*.*?\*\//g, "");
