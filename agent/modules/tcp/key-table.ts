// A hash table that gives each distinct key of a few 32-bit words an index: 0, 1, 2 and so on. Uses open addressing
// over typed arrays, and allocates nothing per key.

/**
 * A hash table of keys of fixed length. To add or find a key, write the key at `next` of `keys`, then call `place` or
 * `find`. At most half of the buckets are in use.
 */
export class KeyTable {
  readonly #width: number;
  /** Key i is `width` words at `i * width`. `place` may replace the array, so read this field again after `place`. */
  keys: Uint32Array;
  /** Number of distinct keys. */
  count = 0;
  /** Index of a key + 1 in each bucket; 0 for an empty bucket. The length is a power of two. */
  #buckets: Int32Array;

  /** `width` is the number of words in a key. `capacity` is the number of keys at first, a power of two. */
  constructor(width: number, capacity = 64) {
    this.#width = width;
    this.keys = new Uint32Array((capacity + 1) * width);
    this.#buckets = new Int32Array(2 * capacity);
  }

  /** Index in `keys` at which to write the key for `place` or `find`. */
  get next(): number {
    return this.count * this.#width;
  }

  /** Returns the index of the key at `next`. Appends a new key, so that its index is the old size of the table. */
  place(): number {
    const bucket = this.#probe();
    const found = (this.#buckets[bucket] as number) - 1;
    if (found >= 0) return found;
    const index = this.count++;
    this.#buckets[bucket] = index + 1;
    if (this.count * 2 >= this.#buckets.length) this.#grow();
    return index;
  }

  /** Returns the index of the key at `next`, or -1 if the table does not have the key. */
  find(): number {
    return (this.#buckets[this.#probe()] as number) - 1;
  }

  clear(): void {
    if (this.count > 0) this.#buckets.fill(0);
    this.count = 0;
  }

  /** Returns the bucket that holds the key at `next`, or the empty bucket to put a new key into. */
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
