// Follows the structure of a JSON text, character by character, without parsing it.

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [ARRAY, ARRAY_END, OBJECT, OBJECT_END] = [0x5b, 0x5d, 0x7b, 0x7d];

export class Structure {
  #depth = 0;
  #quoted = false;
  #escaped = false;

  /** Number of open brackets and braces. */
  get depth(): number {
    return this.#depth;
  }

  /**
   * Takes the next character. Returns true for those around the elements of the outermost array or object: its brackets
   * or braces, and the commas between the elements.
   */
  isBoundary(code: number): boolean {
    if (this.#quoted) {
      this.#quoted = this.#escaped || code !== QUOTE;
      this.#escaped = !this.#escaped && code === BACKSLASH;
      return false;
    }
    this.#quoted = code === QUOTE;
    if (code === ARRAY || code === OBJECT) return ++this.#depth === 1;
    if (code === ARRAY_END || code === OBJECT_END) return --this.#depth === 0;
    return code === COMMA && this.#depth === 1;
  }
}
