// What the agent uses of the `cap` package, which brings no types of its own.

declare module "cap" {
  export class Cap {
    /**
     * Always promiscuous, whole packets, both directions. Gives the link type as a word. Throws an Error with libpcap's
     * words.
     */
    open(device: string, filter: string, bufferBytes: number, packet: Buffer): string;
    /** `length` bytes of the buffer given to `open` are the packet, until the listener returns. */
    on(event: "packet", listener: (length: number, truncated: boolean) => void): this;
    close(): boolean;
  }
}
