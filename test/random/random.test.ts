/** The seeded streams against NumPy's and Python's own draws. How the numbers were made: test/golden/make-random.py. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { NdArray, numpyRandom, pythonRandom } from "../../src/index.ts";
import "../closeness.ts";

type Nested = number | readonly Nested[];
interface Stream {
  readonly seed: number;
  readonly draws: readonly (readonly [call: string, drawn: Nested])[];
}

const golden = JSON.parse(readFileSync(new URL("../golden/random.json", import.meta.url), "utf8")) as Record<
  "numpy" | "python",
  readonly Stream[]
>;

/** "randint(0, 10, 12)" with Python's tuples as lists: its name and arguments, and the place asked of the result. */
function parsed(call: string): { name: string; args: unknown[]; place: number | undefined } {
  const [, name, inside, place] = /^(\w+)\((.*?)\)(?:\[(-?\d+)\])?$/.exec(call)!;
  const list = inside!.replace("2**32", "4294967296").replace("2**31", "2147483648").replaceAll("(", "[").replaceAll(")", "]");
  return { name: name!, args: JSON.parse(`[${list}]`) as unknown[], place: place === undefined ? undefined : Number(place) };
}

function draw(random: object, call: string): unknown {
  const { name, args, place } = parsed(call);
  const drawn = (random as Record<string, (...args: unknown[]) => unknown>)[name]!(...args);
  const list = drawn instanceof NdArray ? drawn.toArray() : drawn;
  return place === undefined ? list : (list as Nested[]).at(place);
}

describe.each(golden.numpy)("numpyRandom($seed)", ({ seed, draws }) => {
  const random = numpyRandom(seed);
  test.each(draws)("%s", (call, expected) => {
    const drawn = draw(random, call);
    if (call.startsWith("randn")) expect(drawn).toBeClose(expected, { units: 2 });
    else expect(drawn).toEqual(expected);
  });
});

describe.each(golden.python)("pythonRandom($seed)", ({ seed, draws }) => {
  const random = pythonRandom(seed);
  test.each(draws)("%s", (call, expected) => {
    const drawn = draw(random, call);
    if (call.startsWith("gauss")) expect(drawn).toBeClose(expected, { units: 4 });
    else expect(drawn).toEqual(expected);
  });
});

describe("a stream", () => {
  test.each([["numpyRandom", numpyRandom], ["pythonRandom", pythonRandom]] as const)("%s resumes from its state, to the bit", (_, random) => {
    const first = random(7);
    first.normal();
    const { state } = first;
    const drawn = [first.normal(), first.uniform(-1, 1), ...first.permutation(9)];
    const second = random(1);
    second.state = JSON.parse(JSON.stringify(state)) as typeof state;
    expect([second.normal(), second.uniform(-1, 1), ...second.permutation(9)]).toEqual(drawn);
  }); // prettier-ignore

  test("refuses seeds and ranges by name", () => {
    expect(() => numpyRandom(-1)).toThrow("numpyRandom: a seed is a whole number from 0 to 2^32 − 1, got -1");
    expect(() => numpyRandom(2 ** 32)).toThrow("numpyRandom: a seed is a whole number from 0 to 2^32 − 1, got 4294967296");
    expect(() => numpyRandom("3" as never)).toThrow('got "3" (a string)');
    expect(() => numpyRandom(NaN)).toThrow("got NaN");
    expect(() => pythonRandom(0.5)).toThrow("pythonRandom: a seed is a whole number within ±(2^53 − 1), got 0.5");
    expect(() => numpyRandom(1).randint(3, 3)).toThrow("randint: needs whole numbers low < high, at most 2^32 apart, got 3 and 3");
    expect(() => numpyRandom(1).rand(-2)).toThrow("rand: -2 is not a size; sizes are whole numbers from 0");
    expect(() => pythonRandom(1).randint(2, 1)).toThrow("randint: needs whole numbers low ≤ high, less than 2^32 apart, got 2 and 1");
    expect(() => numpyRandom(1).permutation(1.5)).toThrow("permutation: 1.5 is not a size; sizes are whole numbers from 0");
  });

  test("refuses bounds that would draw NaN or text, and what is no list", () => {
    for (const random of [numpyRandom(1), pythonRandom(1)]) {
      const start = random.state;
      const bad = (low: unknown, high: unknown) => () => random.uniform(low as number, high as number);
      const range = "uniform: low and high are finite numbers less than 1.8e308 apart, got";
      expect(bad(0, Infinity)).toThrow(`${range} 0 and Infinity`);
      expect(bad(NaN, 1)).toThrow(`${range} NaN and 1`);
      expect(bad(-1e308, 1e308)).toThrow(`${range} -1e+308 and 1e+308`);
      expect(bad("1", "2")).toThrow(`${range} "1" (a string) and "2" (a string)`);
      for (const [list, shown] of [
        [5, "5"],
        [undefined, "undefined"],
        ["abc", '"abc" (a string)'],
      ] as const)
        // prettier-ignore
        expect(() => random.shuffle(list as never)).toThrow(`shuffle: takes a list, which it shuffles in place, got ${shown}`);
      expect(random.state).toEqual(start);
    }
    expect(() => pythonRandom(1).gauss("0" as never)).toThrow('gauss: mean and deviation are numbers, got "0" (a string) and 1');
  });

  test.each([["numpyRandom", numpyRandom], ["pythonRandom", pythonRandom]] as const)("%s refuses what is not its state, and stays", (name, random) => {
    const stream = random(7);
    const { state } = stream;
    const { words, index } = state;
    const bad = [null, {}, { words, index }, { ...state, words: [1, 2] }, { ...state, words: [-1, ...state.words.slice(1)] }, { ...state, index: 625 }, { ...state, index: -1 }];
    for (const other of bad)
      expect(() => (stream.state = other as never)).toThrow(
        `${name}: takes a state that was read from a stream, { words, index, spare } with 624 words of 32 bits`,
      );
    expect(stream.state).toEqual(state);
  }); // prettier-ignore

  test("does not share the shape that was passed", () => {
    const shape = [2, 2];
    const drawn = numpyRandom(1).uniform(0, 1, shape) as NdArray;
    shape[0] = 4;
    expect(drawn.shape).toEqual([2, 2]);
  });

  test("initial weights of the document equal NumPy's to the last bit", () => {
    const random = numpyRandom(42);
    expect(random.randn(2, 3)).toEqual(
      new NdArray(
        [2, 3],
        Float64Array.of(
          0.4967141530112327,
          -0.13826430117118466,
          0.6476885381006925,
          1.5230298564080254,
          -0.23415337472333597,
          -0.23413695694918055,
        ),
      ),
    );
    expect(random.randn(3, 1)).toEqual(new NdArray([3, 1], Float64Array.of(1.5792128155073915, 0.7674347291529088, -0.4694743859349521)));
  });
});
