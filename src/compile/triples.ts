/**
 * Numbers triples of whole numbers in the order in which they are first met: a function and its two operands, say. A table of our own:
 * a large graph has half a million lines, and a key for each, as a text or as a double, would take longer than everything else.
 */
export class Triples {
  /** The number of a triple and 1, where its hash, or the first free slot behind it, points; else 0. */
  #slots = new Int32Array(1 << 10);
  /** The triples themselves, in a row. */
  #entries = new Int32Array(3 << 9);
  #count = 0;

  numberOf(a: number, b: number, c: number): number {
    const slots = this.#slots;
    const entries = this.#entries;
    const last = slots.length - 1;
    let slot = hashOf(a, b, c) & last;
    while (slots[slot] !== 0) {
      const number = slots[slot]! - 1;
      if (entries[3 * number] === a && entries[3 * number + 1] === b && entries[3 * number + 2] === c) return number;
      slot = (slot + 1) & last;
    }
    const at = 3 * this.#count;
    entries[at] = a;
    entries[at + 1] = b;
    entries[at + 2] = c;
    slots[slot] = ++this.#count;
    if (2 * this.#count === slots.length) this.#grow();
    return this.#count - 1;
  }

  #grow(): void {
    const [entries, slots] = [new Int32Array(4 * this.#entries.length), new Int32Array(4 * this.#slots.length)];
    entries.set(this.#entries);
    const last = slots.length - 1;
    for (let number = 0; number < this.#count; number++) {
      let slot = hashOf(entries[3 * number]!, entries[3 * number + 1]!, entries[3 * number + 2]!) & last;
      while (slots[slot] !== 0) slot = (slot + 1) & last;
      slots[slot] = number + 1;
    }
    this.#entries = entries;
    this.#slots = slots;
  }
}

/** Three numbers spread over 32 bits. */
function hashOf(a: number, b: number, c: number): number {
  const mixed = Math.imul(Math.imul(a ^ Math.imul(b, 0x9e3779b1), 0x85ebca6b) ^ (c + 1), 0xc2b2ae35);
  return mixed ^ (mixed >>> 15);
}
