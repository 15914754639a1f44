// Input and output port of a sampled packet. See sFlow v5, section 5 "interface".

/**
 * Port number of the host itself, as sender or receiver. hsflowd uses it in expanded samples, and collectors know it.
 */
export const INTERNAL = 0x3fff_ffff;
export const UNKNOWN_PORT = 0;
