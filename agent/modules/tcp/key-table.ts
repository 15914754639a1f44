// Numbers distinct keys of a few words each: open addressing over typed arrays, nothing allocated for a key.

/**
 * A key is written at `next` of `keys`, then asked about. At most half of the buckets are taken, so a probe ends soon.
 */
export class KeyTable {
  readonly #width: number;
  /** Key i is `width` words at `i * width`. Replaced when the table grows: read it anew after `place`. */
  keys: Uint32Array;
  /** Distinct keys so far. */
  count = 0;
  /** Number of a key + 1; 0 is empty. As many as a power of two. */
  #buckets: Int32Array;

  /** `capacity` is a power of two. */
  constructor(width: number, capacity = 64) {
    this.#width = width;
    this.keys = new Uint32Array((capacity + 1) * width);
    this.#buckets = new Int32Array(2 * capacity);
  }

  /** Position of the key that `place` or `find` is asked about. */
  get next(): number {
    return this.count * this.#width;
  }

  /** The number of the key written at `next`; equal to the count before where it is new. */
  place(): number {
    const bucket = this.#probe();
    const found = (this.#buckets[bucket] as number) - 1;
    if (found >= 0) return found;
    const index = this.count++;
    this.#buckets[bucket] = index + 1;
    if (this.count * 2 >= this.#buckets.length) this.#grow();
    return index;
  }

  /** The number of the key written at `next`, or -1. */
  find(): number {
    return (this.#buckets[this.#probe()] as number) - 1;
  }

  clear(): void {
    if (this.count > 0) this.#buckets.fill(0);
    this.count = 0;
  }

  /** The bucket of the key at `next`, or the empty one where it would go. */
  #probe(): number {
    const at = this.next;
    const buckets = this.#buckets;
    let bucket = this.#hash(at) & (buckets.length - 1);
    for (;;) {
      const taken = buckets[bucket] as number;
      if (taken === 0 || this.#same((taken - 1) * this.#width, at)) return bucket;
      bucket = (bucket + 1) & (buckets.length - 1);
    }
  }

  #hash(at: number): number {
    const { keys } = this;
    const end = at + this.#width;
    let value = 0;
    for (let i = at; i < end; i++) {
      value = Math.imul(value ^ (keys[i] as number), 0x9e37_79b1);
      value ^= value >>> 15;
    }
    return value;
  }

  #same(a: number, b: number): boolean {
    const { keys } = this;
    for (let i = 0; i < this.#width; i++) if (keys[a + i] !== keys[b + i]) return false;
    return true;
  }

  #grow(): void {
    const { count, keys } = this;
    this.keys = new Uint32Array((this.#buckets.length + 1) * this.#width);
    this.keys.set(keys.subarray(0, count * this.#width));
    this.#buckets = new Int32Array(2 * this.#buckets.length);
    for (let i = 0; i < count; i++) this.#insert(i);
  }

  #insert(index: number): void {
    const buckets = this.#buckets;
    let bucket = this.#hash(index * this.#width) & (buckets.length - 1);
    while (buckets[bucket] !== 0) bucket = (bucket + 1) & (buckets.length - 1);
    buckets[bucket] = index + 1;
  }
}
