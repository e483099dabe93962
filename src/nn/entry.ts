/**
 * One entry of a parameter as a leaf of its own: the weight w₁₂ of a matrix W. It holds nothing; data and gradient are those of the
 * array, so that what is written or accumulated through one shows in the other.
 */
import { copied, entriesOf, zerosOf, type NdArray, type Tensor } from "../array/ndarray.ts";
import { placeAt } from "../array/shape.ts";
import { tick } from "../graph/moment.ts";
import { Leaf, type Value } from "../graph/value.ts";

/** The entry of `owner` at a full index, labelled as its place in the array: "W1[0,1]". */
export function entryOf(owner: Leaf<NdArray>, ...index: readonly number[]): Value<number> {
  const entry = new EntryLeaf(owner, placeAt(index, owner.shape));
  entry.label = `${owner.label}[${index.join(",")}]`;
  return entry;
}

/** The fields of a leaf are its own properties, so a view redefines them on the object. */
class EntryLeaf extends Leaf<number> {
  readonly #owner: Leaf<NdArray>;
  readonly #place: number;

  constructor(owner: Leaf<NdArray>, place: number) {
    super(0);
    this.#owner = owner;
    this.#place = place;
    Object.defineProperties(this, {
      payload: { get: () => owner.payload.values[place]! },
      written: { get: () => owner.written },
      gradient: {
        get: () => (owner.gradient === null ? null : entriesOf(owner.gradient)[place]!),
        set: (gradient: Tensor | null) => {
          owner.gradient = withEntry(owner.gradient ?? zerosOf(owner.shape), place, gradient as number | null);
        },
      },
    });
  }

  override entry(): { array: Leaf<NdArray>; index: number } {
    return { array: this.#owner, index: this.#place };
  }

  override write(data: unknown): void {
    if (typeof data !== "number") super.write(data);
    this.#owner.payload = withEntry(this.#owner.payload, this.#place, data as number) as NdArray;
    this.#owner.written = tick();
  }
}

/** A copy with one entry replaced: what was computed from the array may still share its entries. */
function withEntry(array: Tensor, place: number, x: number | null): Tensor {
  const changed = copied(array);
  entriesOf(changed)[place] = x ?? 0;
  return changed;
}
