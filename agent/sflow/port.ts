// Input and output of a sampled packet. sFlow v5, section 5 "interface".

/**
 * The packet starts or ends in the host itself. hsflowd sends this value in expanded samples too, and collectors know
 * it.
 */
export const INTERNAL = 0x3fff_ffff;
export const UNKNOWN_PORT = 0;
