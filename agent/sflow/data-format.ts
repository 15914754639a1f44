// The number of a structure: the enterprise in the upper 20 bits, the format in the lower 12. See sFlow v5, section 5
// "data_format".

export const dataFormat = (enterprise: number, format: number): number => ((enterprise << 12) | format) >>> 0;

export const enterpriseOf = (format: number): number => format >>> 12;

export const formatOf = (format: number): number => format & 0xfff;

/** Formats a data format as decoders print it: `0:2209`. */
export const showFormat = (format: number): string => `${enterpriseOf(format)}:${formatOf(format)}`;
