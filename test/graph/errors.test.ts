/** Every refusal by its text: the operation, what is wrong with the values or shapes, and what to do where there is something to do. */
import { describe, expect, test } from "vitest";
import * as cadena from "../../src/index.ts";
import { constant, value, type Value } from "../../src/index.ts";

const x = value([[1, 2, 3], [4, 5, 6]], "X"); // prettier-ignore
const s = value(2, "s");
/** What JavaScript lets through and TypeScript would not. */
const anything = (a: unknown): never => a as never;
const loose = x as unknown as Record<string, (...operands: unknown[]) => unknown>;
const { zeros } = cadena;

/** A list that holds itself, twice. */
function withoutEnd(): unknown[] {
  const list: unknown[] = [];
  list.push(list, list);
  return list;
}

const numbersOnly = "expected a number, a list of numbers, an NdArray or a typed array";

describe.each<[string, readonly (readonly [string, () => unknown])[]]>([
  [
    "shapes",
    [
      ["matmul: inner sizes differ, [2, 3] × [4, 5]", () => cadena.matmul(x, zeros([4, 5]))],
      [
        "matmul: stacks of [2, 2, 3] × [3, 3, 2]: shapes [2] and [3] do not broadcast (last axes 2 and 3)",
        () => cadena.matmul(zeros([2, 2, 3]), zeros([3, 3, 2])),
      ],
      ["matmul: a number is not a matrix, [] × [2, 3]; mul multiplies by numbers", () => s.matmul(x)],
      ['add: shapes [2, 3] and [2] do not broadcast (last axes 3 and 2); they are those of "X" and a constant', () => x.add([1, 2])],
      ['matmul: inner sizes differ, [2, 3] × [2, 3]; they are those of "X" and "X". Transpose one of them, with .T', () => x.matmul(x)],
      ["mul: shapes [2, 3] and [4, 1] do not broadcast (axes 2 and 4, number 2 from the end)", () => x.mul(zeros([4, 1]))],
      ["where: shapes [2] and [2, 3] do not broadcast (last axes 2 and 3)", () => cadena.where([1, 0], x, 0)],
      [
        "matmul: inner sizes differ, [4, 3] × [4, 1]. Transpose the first, with .T: [3, 4] × [4, 1]",
        () => cadena.matmul(zeros([4, 3]), zeros([4, 1])),
      ],
      [
        "matmul: inner sizes differ, [4, 1] × [3, 1]. Transpose the second, with .T: [4, 1] × [1, 3]",
        () => cadena.matmul(zeros([4, 1]), zeros([3, 1])),
      ],
      ["dot: sizes differ, [4, 3] and [4, 3]. Transpose one of them, with .T", () => cadena.dot(zeros([4, 3]), zeros([4, 3]))],
      ["dot: sizes differ, [2] and [3]", () => cadena.dot([1, 2], [1, 2, 3])],
      ["dot: the lists have 1 and 2 entries; they need the same number, not 0", () => cadena.dot([s], [s, s])],
      ["dot: lists hold numbers, got a value of shape [2, 3]", () => cadena.dot([s], [x])],
      ["reshape: shape [2, 3] has 6 entries and cannot become [4,2]", () => x.reshape(4, 2)],
      ["reshape: shape [2, 3] has 6 entries and cannot become [-1,-1]", () => x.reshape([-1, -1])],
      ["reshape: a shape is a list of sizes, got undefined", () => x.reshape(anything(undefined))],
      ["transpose: axes are a list such as [1, 0], got 1", () => (x.transpose as (...axes: unknown[]) => unknown)(1, 0)],
      ["transpose: axes [0,0] are not the 2 axes of shape [2, 3] in some order", () => x.transpose([0, 0])],
      ["broadcastTo: shape [2, 3] does not stretch to [3]", () => x.broadcastTo([3])],
      ["concat: shapes [2, 3] and [2, 2] differ beside axis 0", () => cadena.concat([x, zeros([2, 2])])],
      ["concat: the list is empty", () => cadena.concat([])],
      ["stack: shapes [2, 3] and [] differ", () => cadena.stack([x, s])],
      ["stack: expected a value at [1], got undefined", () => cadena.stack(new Array(2).fill(s, 0, 1))],
      ["sumOf: expected a value at [0], got undefined", () => cadena.sumOf(new Array(2))],
      ["where: lists are nested more than 64 deep", () => cadena.where(withoutEnd(), 1, 2)],
      ["sumOf: the list is empty", () => cadena.sumOf([])],
      ["sumOf: expected a list of values, got an object", () => cadena.sumOf(anything(x))],
      ["max: no entries to choose from along axis [0] of shape [0]", () => cadena.max(zeros([0]))],
      ['item: "X" has shape [2, 3]; item needs one entry', () => x.item()],
    ],
  ],
  [
    "axes, indices and options",
    [
      ["sum: axis 2 does not exist in shape [2, 3]; axes go from -2 to 1", () => x.sum({ axis: 2 })],
      ["sum: axis [0,-2] names the same axis twice in shape [2, 3]", () => x.sum({ axis: [0, -2] })],
      ['sum: axis is a number or a list of numbers, got "0" (a string)', () => x.sum({ axis: anything("0") })],
      ["mean: axis is a number or a list of numbers, got an object (Object)", () => x.mean({ axis: anything({}) })],
      ["exp: takes no options, got an object (Object)", () => loose.exp!({ axis: 0 })],
      ["add: takes no options, got an object (Object)", () => loose.add!(1, { axis: 0 })],
      [
        "reshape: any size would do for the −1 of [0,-1], whose other sizes make 0 entries; give it",
        () => cadena.reshape(zeros([0, 2]), [0, -1]),
      ],
      ["arange: a step of 0 does not move", () => cadena.arange(0, 1, 0)],
      ["huber: options are an object such as { reduction: … }, got null", () => cadena.huber(1, 2, anything(null))],
      ["sum: options are an object such as { axis: … }, got 0", () => x.sum(anything(0))],
      ['sum: there is no option "dim"; it takes axis, keepdims', () => x.sum(anything({ dim: 0 }))],
      ['mean: keepdims is true or false, got "yes" (a string)', () => x.mean({ keepdims: anything("yes") })],
      ["softmax: axis -1 does not exist in shape []; a number has no axes", () => s.softmax()],
      ['var: there is no option "ord"; it takes axis, keepdims, ddof', () => x.var(anything({ ord: 1 }))],
      ["var: ddof must be a finite number, got NaN", () => x.var({ ddof: NaN })],
      ["norm: ord is a number from 1, or Infinity, got 0.5", () => x.norm({ ord: 0.5 })],
      ["clip: needs numbers min ≤ max, got min 2 and max 1", () => x.clip({ min: 2, max: 1 })],
      ['leakyRelu: slope must be a finite number, got "1" (a string)', () => x.leakyRelu({ slope: anything("1") })],
      ["leakyRelu: options are an object such as { slope: … }, got 0.1", () => x.leakyRelu(anything(0.1))],
      ["elu: alpha must be a finite number, got NaN", () => x.elu({ alpha: NaN })],
      ['gelu: approximate is "none" or "tanh", got "erf"', () => x.gelu({ approximate: anything("erf") })],
      ["slice: 3 ranges given for shape [2, 3]", () => x.slice([0], [0], [0])],
      ["slice: a step of 0 does not move", () => x.slice([0, 1, 0])],
      ["slice: a range has whole numbers or null, got 0.5", () => x.slice([0.5])],
      ["slice: a range is a list [begin, end, step] or null, got 1", () => x.slice(anything(1))],
      ["take: index 5 is outside axis 0 of shape [2, 3]", () => x.take([5], { axis: 0 })],
      ["take: index NaN is outside axis 0 of shape [2, 3]", () => x.take([NaN], { axis: 0 })],
      ["take: index 6 is outside axis 0 of shape [6]", () => x.take([6])],
      ["at: index -3 is outside axis 0 of shape [2, 3]", () => x.at(-3)],
      ["at: 3 places given for shape [2, 3]", () => x.at(0, 0, 0)],
      ["where: a condition holds booleans or 0 and 1, got 2", () => cadena.where([2, 0], 1, 2)],
    ],
  ],
  [
    "foreign things",
    [
      [`value: ${numbersOnly}, got "3" (a string)`, () => value(anything("3"))],
      [`value: ${numbersOnly}, got null`, () => value(anything(null))],
      [`value: ${numbersOnly}, got undefined`, () => value(anything(undefined))],
      [`value: ${numbersOnly}, got true (a boolean)`, () => value(anything(true))],
      [`value: ${numbersOnly}, got 3n (a bigint)`, () => value(anything(3n))],
      [`value: ${numbersOnly}, got an object (Date)`, () => value(anything(new Date(0)))],
      [`value: ${numbersOnly}, got an object (BigInt64Array)`, () => value(anything(new BigInt64Array(2)))],
      [`value: ${numbersOnly}, got an object (no prototype)`, () => value(anything(Object.create(null)))],
      [`add: ${numbersOnly}, got a function`, () => s.add(anything(() => 1))],
      [`pow: ${numbersOnly}, got "2" (a string)`, () => cadena.pow(anything("2"), 3)],
      ["value: the list has a hole at [1]; every entry must be a number", () => value(anything(Object.assign([1], { 2: 3 })))],
      ["value: the list has a hole at [0]; every entry must be a number", () => value(anything(new Array(3)))],
      ["value: ragged rows: [1] has 1 entries, the first one beside it has 2", () => value([[1, 2], [3]])],
      [
        "value: ragged rows: [1][1] has 2 entries, the first one beside it has 1",
        () =>
          value([
            [[1], [2]],
            [[1], [2, 3]],
          ]),
      ],
      ["value: expected a list of 1 at [1], got 2", () => value([[1], 2])],
      ["value: expected a number at [1], got a list of 1; rows are nested to different depths", () => value([1, [2]])],
      ['value: expected a number at [1][0], got "2" (a string)', () => value(anything([[1], ["2"]]))],
      ["zeros: -1 is not a size; sizes are whole numbers from 0", () => zeros([-1])],
      ["ones: 1.5 is not a size; sizes are whole numbers from 0", () => cadena.ones([1.5])],
      ["full: NaN is not a size; sizes are whole numbers from 0", () => cadena.full([NaN], 1)],
      ["zeros: shape [1000000, 1000000] has more than 2^32 entries", () => zeros([1e6, 1e6])],
      ["add: shape [100000, 100000] has more than 2^32 entries", () => cadena.add(zeros([1e5, 1]), zeros([1e5]))],
      ["matmul: shape [100000, 100000] has more than 2^32 entries", () => cadena.matmul(zeros([1e5, 1]), zeros([1, 1e5]))],
      ["add: got a list of values; stack([…]) makes one value of them", () => cadena.add(anything([s, s]), 1)],
      ["value: got a list of values; stack([…]) makes one value of them", () => value(anything([s, s]))],
      ['constant: "X" is a value already; constant(x.data) makes one of its own of its data', () => cadena.constant(anything(x))],
      ["zeros: shape [] is that of a plain number", () => zeros([])],
      ["array: shape [2, 2] has 4 entries, got 3", () => cadena.array([1, 2, 3], [2, 2])],
      ["array: 3 is a number; an array needs a list, as [3]", () => cadena.array(anything(3))],
      ["label: a label is a string, got 3", () => value(1, anything(3))],
      [
        '"X" is not a number, so JavaScript\'s own + - * / < do not work on it; write x.add(1), or use x.data',
        () => (anything(x) as number) + 1,
      ],
      ["the result of mul is not a number, so JavaScript's own + - * / < do not work on it", () => anything(s.mul(2)) < 1],
      ["an array of shape [2] is not a number; use add, mul, … of cadena", () => anything(zeros([2])) * 2],
    ],
  ],
  [
    "gradients and data",
    [
      [
        "backward: the loss has shape [2]; take .sum() or .mean() first, or pass a gradient of shape [2]",
        () => {
          x.sum({ axis: 1 }).backward();
        },
      ],
      [
        "backward: the gradient has shape [1], the loss [2, 3]; they must agree",
        () => {
          x.mul(2).backward([1]);
        },
      ],
      [
        "backward: a constant depends on no value that takes a gradient; make its inputs with value(…), not constant(…)",
        () => {
          constant(2).backward();
        },
      ],
      [
        "backward: expected a value, made by value(…) or computed from one, got 3",
        () => {
          cadena.backward(anything(3));
        },
      ],
      ["gradient: expected a list of values, got an object", () => cadena.gradient(s.mul(2), anything(s))],
      ["gradient: expected a value, made by value(…) or computed from one, got 3", () => cadena.gradient(s.mul(2), [anything(3)])],
      [
        'gradient: "c" takes no gradient; make it, or what it depends on, with value(…)',
        () => cadena.gradient(s.mul(2), [constant(1, "c")]),
      ],
      ["gradient: the seed has shape [], y [2, 3]; they must agree", () => cadena.gradient(x, [x], value(1))],
      ["trace: the loss has shape [2, 3]; take .sum() or .mean() first, or pass a gradient of shape [2, 3]", () => cadena.trace(x)],
      ["kinks: expected a value, made by value(…) or computed from one, got 3", () => cadena.kinks(anything(3))],
      [
        'data: "X" has shape [2, 3], got [1]',
        () => {
          x.data = anything([1]);
        },
      ],
      [
        "data: the result of mul cannot be set to 3: it was computed by mul. Only leaves made by value(…) can be written",
        () => {
          s.mul(2).data = 3;
        },
      ],
      [
        "data: a constant cannot be set to 3: it is a constant. Only leaves made by value(…) can be written",
        () => {
          constant(1).data = 3;
        },
      ],
      [
        `data: ${numbersOnly}, got "3" (a string)`,
        () => {
          s.data = anything("3");
        },
      ],
      [
        'grad: "s" has shape [], got [1]',
        () => {
          s.grad = anything([1]);
        },
      ],
      [
        'grad: "c" takes no gradient; make it, or what it depends on, with value(…)',
        () => {
          constant(1, "c").grad = 3;
        },
      ],
    ],
  ],
])("refused: %s", (_, refusals) => {
  test.each(refusals)("%s", (message, call) => {
    expect(call).toThrow(message);
    expect([x.toArray(), s.item(), x.hasGrad, s.hasGrad]).toEqual([[[1, 2, 3], [4, 5, 6]], 2, false, false]); // prettier-ignore
  });
});

describe("a stale record", () => {
  const written = (build: (w: Value) => Value): Value => {
    const w = value(2, "w");
    const loss = build(w);
    w.data = 5;
    return loss;
  };
  const sentence = (of: string, operation = "gradient") =>
    `${operation}: "w" (shape []) was written after ${of} was computed from it. Compute the loss again from the new data before taking its gradient`;

  test("is refused by name, however deep, in every sweep, every time, and changes nothing", () => {
    const loss = written((w) => w.mul(3).named("y").exp().neg());
    const sweeps = {
      backward: () => {
        loss.backward();
      },
      gradient: () => cadena.gradient(loss, []),
      trace: () => cadena.trace(loss),
      expand: () => cadena.expand(loss),
    };
    for (const times of [1, 2])
      for (const [operation, sweep] of Object.entries(sweeps)) expect(sweep, `${times}`).toThrow(sentence('"y"', operation));
    expect(loss.hasGrad).toBe(false);
    expect(() =>
      cadena.gradient(
        written((w) => w.square()),
        [],
      ),
    ).toThrow(sentence("the result of square"));
    expect(() =>
      cadena.gradient(
        written((w) => cadena.sumOf([w, w, 1])),
        [],
      ),
    ).toThrow(sentence("the result of sumOf"));
    expect(() =>
      cadena.gradient(
        written((w) => cadena.gradient(w.pow(3), [w])[0]),
        [],
      ),
    ).toThrow("was written after");
  });

  test("what is computed after the write is fresh", () => {
    const w = value(2, "w");
    w.mul(3).backward();
    w.data = 5;
    const loss = w.square();
    loss.backward();
    expect(w.grad).toBe(3 + 10);
  });
});
