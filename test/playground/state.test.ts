/** What a link says is what is seen: state to address and back, and addresses that say nonsense. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { activationNames, addressOf, dataNames, hiddenFrom, initial, stateAt, type State } from "../../src/playground/state.ts";

const text = fc.string({ unit: "grapheme", maxLength: 40 });
const formulas: fc.Arbitrary<State> = fc
  .record({
    formula: text,
    values: fc.array(fc.tuple(text, text)).map((pairs) => new Map(pairs)),
    hand: text,
    language: fc.constantFrom("en" as const, "es" as const),
  })
  .map((chosen) => ({ ...initial, ...chosen, mode: "formula" }));

const networks: fc.Arbitrary<State> = fc
  .record({
    data: fc.constantFrom(...dataNames),
    hidden: fc.array(fc.integer({ min: 1, max: 16 }), { minLength: 1, maxLength: 3 }),
    activation: fc.constantFrom(...activationNames),
    seed: fc.nat(),
    learningRate: fc.double({ min: 1e-6, max: 100, noNaN: true }),
  })
  .map((chosen) => ({ ...initial, ...chosen, mode: "network" }));

describe("an address", () => {
  test("says everything that was chosen, and reading it gives the same", () => {
    fc.assert(
      fc.property(fc.oneof(formulas, networks), (state) => {
        expect(stateAt(`#${addressOf(state)}`, "en")).toEqual(state);
      }),
      { seed: 1 },
    );
  });

  test("that says nonsense means what stands there at first", () => {
    fc.assert(
      fc.property(fc.string(), (nonsense) => void stateAt(nonsense, "en")),
      { seed: 1 },
    );
    expect(stateAt("#m=__proto__&d=constructor&h=99&s=-1&r=x&v=[1]&a=eval&l=xx", "es")).toEqual({ ...initial, language: "es" });
  });

  test("has layers of sensible sizes only", () => {
    expect(["4", "8, 8", "3×2", "0", "17", "2,2,2,2", "1.5", ""].map(hiddenFrom)).toEqual([
      [4], [8, 8], [3, 2], undefined, undefined, undefined, undefined, undefined,
    ]); // prettier-ignore
  });
});
