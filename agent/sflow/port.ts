// Input and output of a sampled packet. sFlow v5, section 5 "interface".

/** The host itself sent or receives the packet. hsflowd uses this value in expanded samples, and collectors know it. */
export const INTERNAL = 0x3fff_ffff;
export const UNKNOWN_PORT = 0;
