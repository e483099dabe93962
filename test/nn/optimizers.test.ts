import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Adam, AdamW, constant, numpyRandom, RMSProp, schedules, SGD, value, zeros } from "../../src/index.ts";
import type { NdArray, Optimizer, Value } from "../../src/index.ts";
import { pointwiseAlgebra } from "../../src/ops/algebra.ts";
import "../closeness.ts";

const curvature = [1, 10, 0.1];

/** Five steps down f(w) = ½ Σ cᵢwᵢ² from (1, −2, 3). */
function descended(optimizer: (w: Value<NdArray>[]) => Optimizer): Value<NdArray> {
  const w = value([1, -2, 3], "w");
  const o = optimizer([w]);
  for (let t = 0; t < 5; t++) {
    o.zeroGrad();
    w.square().mul(curvature).sum().mul(0.5).backward();
    o.step();
  }
  return w;
}

describe("an optimiser goes where PyTorch's goes", () => {
  // PyTorch's documented algorithms (torch.optim), written out in NumPy, float64, same f, same start, five steps.
  const goldens: [string, (w: Value<NdArray>[]) => Optimizer, number[]][] = [
    ["SGD", (w) => new SGD(w, { learningRate: 0.1 }), [0.5904900000000001, 0, 2.8529701497000004]],
    ["SGD with momentum", (w) => new SGD(w, { learningRate: 0.01, momentum: 0.9 }), [0.8716340258999999, 0.05832000000000004, 2.9606606410457967]],
    ["SGD after Nesterov", (w) => new SGD(w, { learningRate: 0.01, momentum: 0.9, nesterov: true }), [0.8384407633205009, 0.20916336779999994, 2.949716147499957]],
    ["SGD with momentum and decay", (w) => new SGD(w, { learningRate: 0.05, momentum: 0.5, weightDecay: 0.2 }), [0.5800599423999998, 0.2346619102, 2.649667623346875]],
    ["Adam", (w) => new Adam(w, { learningRate: 0.1 }), [0.507963661927221, -1.502955780256633, 2.501779472478992]],
    ["Adam, all options", (w) => new Adam(w, { learningRate: 0.05, beta1: 0.8, beta2: 0.9, epsilon: 1e-3, weightDecay: 0.3 }), [0.751809944619747, -1.750705974174976, 2.750651140313483]],
    ["AdamW", (w) => new AdamW(w, { learningRate: 0.1 }), [0.5040800927472017, -1.4940456930231307, 2.487869325812435]],
    ["AdamW, all options", (w) => new AdamW(w, { learningRate: 0.1, beta1: 0.7, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.5 }), [0.3486814557757588, -1.110464385890278, 1.880986676238474]],
    ["RMSProp", (w) => new RMSProp(w), [0.696465799281033, -1.685481578522089, 2.682053913046103]],
    ["RMSProp, all options", (w) => new RMSProp(w, { learningRate: 0.02, decay: 0.9, epsilon: 1e-6, weightDecay: 0.1, momentum: 0.5 }), [0.6602310918920837, -1.650517735055331, 2.647504476061735]],
  ]; // prettier-ignore
  test.each(goldens)("%s", (_name, optimizer, expected) => {
    expect(descended(optimizer)).toBeClose(expected, { scale: 1 });
  });
});

const each: [string, (w: Value[]) => Optimizer][] = [
  ["SGD", (w) => new SGD(w, { learningRate: 0.1, momentum: 0.9, weightDecay: 0.01 })],
  ["Adam", (w) => new Adam(w)],
  ["AdamW", (w) => new AdamW(w)],
  ["RMSProp", (w) => new RMSProp(w, { momentum: 0.5 })],
];

describe.each(each)("%s", (name, made) => {
  test("resumed from its state goes on to the bit", () => {
    fc.assert(
      fc.property(fc.nat(100), fc.integer({ min: 1, max: 6 }), (seed, pause) => {
        const random = numpyRandom(seed);
        const gradients = Array.from({ length: 8 }, () => random.randn(2, 2) as NdArray);
        const run = (from: number, to: number, w: Value<NdArray>, optimizer: Optimizer) => {
          for (const g of gradients.slice(from, to)) {
            w.grad = g;
            optimizer.step();
          }
        };
        const [whole, paused] = [value(zeros([2, 2])), value(zeros([2, 2]))];
        run(0, 8, whole, made([whole]));
        const first = made([paused]);
        run(0, pause, paused, first);
        const second = made([paused]);
        second.state = structuredCloneOf(first.state);
        run(pause, 8, paused, second);
        expect(paused.toArray()).toEqual(whole.toArray());
      }),
      { numRuns: 10, seed: 1 },
    );
  });

  test("refuses an option that does not exist", () => {
    const constructor = made([value(1)]).constructor as new (w: Value[], options: object) => Optimizer;
    expect(() => new constructor([value(1)], { learningRate: 1, lr: 0.1 })).toThrow(name);
  });

  test("leaves a parameter without gradient alone", () => {
    const [w, v] = [value(1, "w"), value(1, "v")];
    const optimizer = made([w, v]);
    w.mul(2).backward();
    optimizer.step();
    expect(v.data).toBe(1);
    expect(w.data).toBeLessThan(1);
    optimizer.zeroGrad();
    expect(w.hasGrad).toBe(false);
  });

  test("refuses what is no parameter, none, and one twice", () => {
    const w = value(1, "w");
    expect(() => made([])).toThrow(`${name}: the list of parameters is empty`);
    expect(() => made(w as never)).toThrow(`${name}: takes a list of parameters, as model.parameters(), got an object`);
    expect(() => made([constant(1, "c")])).toThrow(`${name}: a parameter is a value made by value(…), got "c"`);
    expect(() => made([w.mul(2)])).toThrow("got the result of mul");
    expect(() => made([w, w])).toThrow(`${name}: "w" is in the list twice and would be updated twice`);
  });

  test("refuses a state of other parameters and keeps its own", () => {
    const w = value([1, 2], "w");
    const optimizer = made([w]);
    w.grad = w.data;
    optimizer.step();
    const { state } = optimizer;
    const [slot] = Object.keys(state.memory[0]!);
    const bad = [
      [{ step: -1, memory: state.memory }, "the step of a state is a whole number from 0, got -1"],
      [null, "a state is { step, memory }, got null"],
      [{ step: 1, memory: [null] }, `the state of "w" has no ${slot!}`],
      [{ step: 1, memory: [] }, "there are 1 parameters, the state is of 0"],
      [{ step: 1, memory: [{}] }, `the state of "w" has no ${slot!}`],
      [{ step: 1, memory: [{ ...state.memory[0], [slot!]: 3 }] }, `the ${slot!} of "w" has shape [], the parameter [2]`],
    ] as const;
    for (const [other, message] of bad) expect(() => (optimizer.state = other as never)).toThrow(`${name}: ${message}`);
    expect(optimizer.state).toEqual(state);
  });

  test("says its update in words that text can read, the same as the arrays did", () => {
    const text = pointwiseAlgebra<string>(
      (primitive) =>
        (...args) =>
          `${primitive.name}(${args.join(", ")})`,
    );
    const { rule } = made([value(1)]);
    const memory = Object.fromEntries(rule.memory.map((key) => [key, key]));
    const { parameter } = rule.update<string>(text, "w", "g", memory, rule.numbers(1, 0.1));
    expect(parameter).toMatch(/^sub\((w|mul\(w, .*\)), mul\([\d.]+, .*g.*\)\)$/);
  });
});

const structuredCloneOf = (state: Optimizer["state"]): Optimizer["state"] => ({
  step: state.step,
  memory: state.memory.map((slots) => ({ ...slots })),
});

describe("hyper-parameters", () => {
  test.each([
    [{ learningRate: -0.1 }, "SGD: learningRate is a finite number from 0, got -0.1"],
    [{ learningRate: NaN }, "SGD: learningRate is a finite number from 0, got NaN"],
    [{ learningRate: "0.1" as never }, 'SGD: learningRate is a finite number from 0, got "0.1" (a string)'],
    [{ learningRate: 1, momentum: 1 }, "SGD: momentum is a number from 0 to below 1, got 1"],
    [{ learningRate: 1, weightDecay: Infinity }, "SGD: weightDecay is a finite number from 0, got Infinity"],
    [{ learningRate: 1, nesterov: true }, "SGD: nesterov needs a momentum above 0"],
    [{ learningRate: 1, nesterov: 1 as never }, "SGD: nesterov is true or false, got 1"],
  ])("%o is refused", (options, message) => {
    expect(() => new SGD([value(1)], options)).toThrow(message);
  });

  test("are checked when they are assigned too, and keep their value when refused", () => {
    const optimizer = new SGD([value(1)], { learningRate: 0.1, momentum: 0.5, nesterov: true });
    expect(() => (optimizer.learningRate = -1)).toThrow("SGD: learningRate is");
    expect(() => (optimizer.momentum = 0)).toThrow("SGD: nesterov needs a momentum above 0");
    optimizer.learningRate = 0.2;
    expect([optimizer.learningRate, optimizer.momentum]).toEqual([0.2, 0.5]);
    expect(() => new Adam([value(1)], { beta1: 1 })).toThrow("Adam: beta1 is a number from 0 to below 1, got 1");
    expect(() => new RMSProp([value(1)], { decay: -1 })).toThrow("RMSProp: decay is a number from 0 to below 1, got -1");
  });
});

describe("schedules", () => {
  // PyTorch's StepLR, ExponentialLR, CosineAnnealingLR (up to T_max) and LinearLR in closed form.
  test("follow their formulas and stay at their end", () => {
    const at = (schedule: (t: number) => number, ...steps: number[]) => steps.map(schedule);
    expect(at(schedules.constant(0.1), 0, 100)).toEqual([0.1, 0.1]);
    expect(at(schedules.step(1, { every: 10, factor: 0.5 }), 0, 9, 10, 25)).toEqual([1, 1, 0.5, 0.25]);
    expect(at(schedules.exponential(2, { factor: 0.5 }), 0, 1, 3)).toEqual([2, 1, 0.25]);
    expect(at(schedules.cosine(1, { steps: 100, final: 0.2 }), 0, 50, 100, 200)).toBeClose([1, 0.6, 0.2, 0.2]);
    expect(at(schedules.linear(1, { steps: 4 }), 0, 1, 4, 9)).toEqual([1, 0.75, 0, 0]);
  });

  test("are asked before every step, and a rate they give is checked", () => {
    const w = value(0);
    const optimizer = new SGD([w], { learningRate: schedules.step(1, { every: 2, factor: 0.1 }) });
    for (let t = 0; t < 4; t++) {
      w.grad = -1;
      optimizer.step();
    }
    expect(w.data).toBeClose(2.2);
    optimizer.learningRate = (t) => (t === 4 ? NaN : 1);
    expect(() => optimizer.step()).toThrow("SGD: the schedule at step 4: learningRate is a finite number from 0, got NaN");
    expect(w.data).toBeClose(2.2);
  });

  test("refuse numbers outside their range", () => {
    expect(() => schedules.step(1, { every: 0 })).toThrow("schedules.step: every is a whole number from 1, got 0");
    expect(() => schedules.exponential(1, { factor: 0 })).toThrow("schedules.exponential: factor is a number above 0, at most 1, got 0");
    expect(() => schedules.cosine(-1, { steps: 3 })).toThrow("schedules.cosine: learningRate is");
    expect(() => schedules.linear(1, { steps: 2.5 })).toThrow("schedules.linear: steps is a whole number from 1, got 2.5");
  });

  test("refuse options of other libraries, which would be passed over, and none", () => {
    const bad = [
      [() => schedules.step(1, { every: 2, gamma: 0.5 } as never), 'schedules.step: there is no option "gamma"; it takes every, factor'],
      [() => schedules.exponential(1, 0.9 as never), "schedules.exponential: options are an object such as { factor: … }, got 0.9"],
      [() => schedules.cosine(1, { steps: 5, eta_min: 0.1 } as never), 'schedules.cosine: there is no option "eta_min"; it takes steps, final'],
      [() => schedules.linear(1, undefined as never), "schedules.linear: options are an object such as { steps: … }, got undefined"],
    ] as const; // prettier-ignore
    for (const [made, message] of bad) expect(made).toThrow(message);
  });
});
