// The part of the `cap` package that the agent uses. The package has no types of its own.

declare module "cap" {
  export class Cap {
    /**
     * Opens the device: always promiscuous, whole packets, both directions. Returns the link type as a word. Throws an
     * Error with the message of libpcap.
     */
    open(device: string, filter: string, bufferBytes: number, packet: Buffer): string;
    /** `length` bytes of the buffer given to `open` are the packet, until the listener returns. */
    on(event: "packet", listener: (length: number, truncated: boolean) => void): this;
    close(): boolean;
  }
}
