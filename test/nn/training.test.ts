import { describe, expect, test } from "vitest";
import {
  Adam,
  array,
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  compileTraining,
  constant,
  crossEntropy,
  datasets,
  halfSquaredError,
  MLP,
  numpyRandom,
  pythonRandom,
  SGD,
  squaredError,
  train,
  trainAsync,
  TrainingStopped,
  value,
} from "../../src/index.ts";
import type { Checkpoint, CompileTraining, TrainOptions, Value, ValueLike } from "../../src/index.ts";
import { ProgressBar, progressLine } from "../../src/nn/progress-bar.ts";
import "../closeness.ts";

/** The document's run, 4.2: a learning rate of 0.1 on the sum over the rows. */
function documentRun(epochs: number, more: Partial<TrainOptions> = {}) {
  const model = new MLP([2, 3, 1], { activations: ["relu", "sigmoid"], random: numpyRandom(42) });
  const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
  const loss: TrainOptions["loss"] = (p, y) => halfSquaredError(p, y, { reduction: "sum" });
  const options = { model, optimizer, loss, data: datasets.or(), epochs, ...more };
  return { model, optimizer, options, run: () => train(options) };
}

/** A small classification in batches of 8 of 30 shuffled rows. */
function moonsRun(epochs: number, more: Partial<TrainOptions> = {}) {
  const model = new MLP([2, 8, 1], { activations: ["tanh", "linear"], random: numpyRandom(1) });
  const optimizer = new Adam(model.parameters(), { learningRate: 0.05 });
  const random = pythonRandom(2);
  const options = { model, optimizer, loss: binaryCrossEntropyWithLogits, data: datasets.moons(30), epochs, batchSize: 8, random, ...more };
  return { model, optimizer, random, options, run: () => train(options) };
}

const weightsOf = (model: MLP) => model.parameters().map((p) => p.toArray());

describe("train", () => {
  test("repeats the document's 10,000 epochs, losses, weights and predictions to 1e-11", () => {
    // numpy 2.4, the document's script; predictions with the weights after the last epoch
    const { model, run } = documentRun(10_000);
    const { losses, ended } = run();
    const units = 1e-11 * 2 ** 52;
    expect([0, 1000, 9000].map((epoch) => losses[epoch]! / 4)).toBeClose(
      [0.050646940528008846, 0.0013785798272023856, 0.00010696929672800906],
      { units },
    );
    expect(model.forward(datasets.or()[0])).toBeClose([[0.0258317771716057], [0.9931080260973758], [0.9931054389804751], [0.9999987523916696]], { units }); // prettier-ignore
    const W1 = [[2.4758209483269473, -0.13826430117118466, 0.40095012008827563], [2.4691783281473603, -0.23415337472333597, -0.23576251226486244]]; // prettier-ignore
    expect(model.layers[0]!.W).toBeClose(W1, { units });
    expect(model.layers[1]!.W).toBeClose([[3.4832078707631386], [0.7674347291529088], [-0.15248870438923318]], { units });
    expect(model.layers[1]!.b).toBeClose([[-3.6299785947471834]], { units });
    expect(ended).toBe("done");
  });

  test("calls onEpoch with the loss before the epoch's steps, counting from 0", () => {
    const seen: number[][] = [];
    const { run } = documentRun(3, { onEpoch: ({ epoch, epochs, loss }) => seen.push([epoch, epochs, loss]) });
    const { losses } = run();
    expect(seen).toEqual(losses.map((loss, epoch) => [epoch, 3, loss]));
    expect(losses[0]! / 4).toBeClose(0.050646940528008846);
  });

  test("in batches gives every row once an epoch, in an order of its own, and the mean over rows", () => {
    const rows: number[] = [];
    const model = new MLP([1, 1], { random: numpyRandom(1) });
    const optimizer = new SGD(model.parameters(), { learningRate: 0 });
    const X = array(Array.from({ length: 7 }, (_, i) => [i + 1]));
    const watching = {
      forward: (x: Parameters<typeof model.forward>[0]) => model.forward(x),
      namedParameters: () => model.namedParameters(),
    };
    const loss: TrainOptions["loss"] = (p, y) => {
      rows.push(...(y.toArray() as number[][]).flat());
      return squaredError(p, y);
    };
    const { losses } = train({ model: watching, optimizer, loss, data: [X, X], epochs: 2, batchSize: 3, random: numpyRandom(3) });
    const [first, second] = [rows.slice(7, 14), rows.slice(14)];
    expect(rows.slice(0, 7)).toEqual([1, 2, 3, 4, 5, 6, 7]); // the look at all data before the first step
    expect([...first].sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect([...second].sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(first).not.toEqual(second);
    expect(losses[0]).toBeClose(squaredError(model.forward(X), X));
  });

  test("learns moons and three blobs", () => {
    const { run } = moonsRun(120);
    expect(run().losses.at(-1)).toBeLessThan(0.02);
    const model = new MLP([4, 8, 3], { random: numpyRandom(1) });
    const optimizer = new Adam(model.parameters(), { learningRate: 0.05 });
    const { losses } = train({ model, optimizer, loss: crossEntropy, data: datasets.blobs(90), epochs: 100 });
    expect(losses.at(-1)).toBeLessThan(0.05);
  });

  test("gives the same bits again, and the same when it is awaited", async () => {
    const [first, second, third] = [moonsRun(5), moonsRun(5), moonsRun(5)];
    const history = first.run();
    expect(second.run()).toEqual(history);
    expect(await trainAsync(third.options)).toEqual(history);
    expect(weightsOf(third.model)).toEqual(weightsOf(first.model));
  });

  test("stopped and resumed from a checkpoint gives the same bits as not stopped", () => {
    const whole = moonsRun(10);
    const { losses } = whole.run();
    const saved: Checkpoint[] = [];
    moonsRun(7, { checkpoint: { every: 3, save: (checkpoint) => saved.push(checkpoint) } }).run();
    expect(saved.map(({ epochs }) => epochs)).toEqual([3, 6, 7]);
    for (const resume of saved) {
      const rest = moonsRun(10, { resume });
      expect(rest.run().losses).toEqual(losses);
      expect(weightsOf(rest.model)).toEqual(weightsOf(whole.model));
      expect(rest.optimizer.state).toEqual(whole.optimizer.state);
      expect(rest.random.state).toEqual(whole.random.state);
    }
  });

  test("refuses a checkpoint of another model and changes nothing", () => {
    const saved: Checkpoint[] = [];
    documentRun(1, { checkpoint: { save: (checkpoint) => saved.push(checkpoint) } }).run();
    const { model, run } = moonsRun(3, { resume: saved[0]! });
    const before = weightsOf(model);
    expect(run).toThrow(
      "train: the checkpoint is of the parameters W1 [2, 3], b1 [1, 3], W2 [3, 1], b2 [1, 1], the model has W1 [2, 8], b1 [1, 8]",
    );
    expect(weightsOf(model)).toEqual(before);
  });

  test("refuses a checkpoint of which a part is missing or none, and changes nothing", () => {
    const taken: Checkpoint[] = [];
    moonsRun(2, { checkpoint: { save: (checkpoint) => taken.push(checkpoint) } }).run();
    const good = taken[0]!;
    const whole = "train: resume is a checkpoint as `save` was given it";
    const bad: [Partial<Record<keyof Checkpoint, unknown>>, string][] = [
      [{ ...good, losses: 5 }, whole],
      [{ ...good, parameters: [["W1"]] }, whole],
      [{ ...good, optimizer: null }, "Adam: a state is { step, memory }, got null"],
      [{ ...good, random: {} }, "train: the random stream of the checkpoint: takes a state that was read from a stream"],
    ];
    for (const [resume, message] of bad) {
      const { model, optimizer, random, run } = moonsRun(4, { resume: resume as never });
      const before = [weightsOf(model), optimizer.state, random.state];
      expect(run).toThrow(message);
      expect([weightsOf(model), optimizer.state, random.state]).toEqual(before);
    }
  });

  test("stops after the epoch in which its signal is aborted, and saves a checkpoint", () => {
    const controller = new AbortController();
    const saved: Checkpoint[] = [];
    const { run } = moonsRun(10, {
      signal: controller.signal,
      onEpoch: ({ epoch }) => epoch === 3 && controller.abort(),
      checkpoint: { save: (checkpoint) => saved.push(checkpoint) },
    });
    const { ended, losses } = run();
    expect([ended, losses.length, saved[0]!.epochs]).toEqual(["aborted", 4, 4]);
  });

  test("awaited, it lets timers abort it", async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 1);
    const { options } = documentRun(10_000_000, { signal: controller.signal });
    expect((await trainAsync(options)).ended).toBe("aborted");
  });
});

describe("train stops at the first number that is not finite", () => {
  test("a parameter: with step, name, place and last loss, keeping the weights of that loss", () => {
    const { model, optimizer, run } = documentRun(10, { loss: (p, y) => squaredError(p, y).mul(1e300) });
    optimizer.learningRate = 1e300;
    const before = weightsOf(model);
    let stopped: unknown;
    try {
      run();
    } catch (error) {
      stopped = error;
    }
    expect(stopped).toBeInstanceOf(TrainingStopped);
    expect((stopped as TrainingStopped).message).toMatch(
      /^train: W1 became -?Infinity in row 0, column 0 after 1 step \(epoch 0\); the last finite loss was 1\.01\d+e\+299, and its weights are kept\. A smaller learning rate may help$/,
    );
    expect(stopped).toMatchObject({ what: "W1", steps: 1, epoch: 0 });
    expect(weightsOf(model)).toEqual(before);
    expect(optimizer.state.step).toBe(0);
  });

  test("a loss: the weights are those of the last finite one", () => {
    const model = new MLP([1, 1], { random: numpyRandom(1) });
    const optimizer = new SGD(model.parameters(), { learningRate: 10 });
    const data = [[[1], [2]], [[0], [1]]] as const; // prettier-ignore
    let losses = 0;
    const loss: TrainOptions["loss"] = (p, y) => squaredError(p, y).mul(++losses === 5 ? NaN : 1);
    const short = new MLP([1, 1], { random: numpyRandom(1) });
    train({ model: short, optimizer: new SGD(short.parameters(), { learningRate: 10 }), loss: squaredError, data, epochs: 2 });
    expect(() => train({ model, optimizer, loss, data, epochs: 10 })).toThrow(
      /^train: the loss became NaN after 3 steps \(epoch 3\); the last finite loss was/,
    );
    expect(weightsOf(model)).toEqual(weightsOf(short));
    expect(optimizer.state.step).toBe(2);
  });

  test("the first loss: nothing has changed", () => {
    const { model, run } = documentRun(10, { loss: (p, y) => squaredError(p, y).log().log() });
    const before = weightsOf(model);
    expect(run).toThrow(
      "train: the loss became NaN after 0 steps (epoch 0); the weights are those of the start. firstNonFinite(loss) says where it arose",
    );
    expect(weightsOf(model)).toEqual(before);
  });
});

describe("train refuses, before the first step,", () => {
  const X = [[0, 0], [0, 1]]; // prettier-ignore
  test.each<[string, Partial<TrainOptions>, string]>([
    ["no data", { data: [[], []] }, "train: X is empty, of shape [0]"],
    ["data of unequal length", { data: [X, [[1]]] }, "train: X has 2 rows and y 1; every example needs its target"],
    ["NaN", { data: [[[0, 0], [0, NaN]], [[0], [1]]] }, "train: X has NaN in row 1, column 1; a number is needed there"],
    ["∞ in a target", { data: [X, [[0], [Infinity]]] }, "train: y has Infinity in row 1, column 0"],
    ["ragged rows", { data: [[[0, 0], [1]], [[0], [1]]] as never }, "train: X: ragged rows: [1] has 1 entries"],
    ["rows of another width", { data: [[[1, 2, 3]], [[1]]] }, "layer 1: takes 2 inputs"],
    ["targets of another shape", { data: [X, [0, 1]] }, "halfSquaredError: the prediction has shape [2, 1], the target [2]; reshape the target"],
    ["a label out of range, in whichever batch", { data: [X, [[0], [2]]], batchSize: 1, loss: binaryCrossEntropy }, "binaryCrossEntropy: the target 2 in row 1, column 0 is outside [0, 1]"],
    ["a loss without reduction", { loss: (p, y) => halfSquaredError(p, y, { reduction: "none" }) }, 'train: the loss has shape [4, 1]; give it the reduction "mean" or "sum"'],
    ["epochs that are none", { epochs: 1.5 }, "train: epochs is a whole number from 0, got 1.5"],
    ["a batch of nothing", { batchSize: 0 }, "train: batchSize is a whole number from 1, got 0"],
    ["an optimiser of another model", { optimizer: documentRun(1).optimizer }, "train: the optimizer holds none of the model's parameters"],
    ["an option that does not exist", { batchsize: 2 } as never, 'train: there is no option'],
    ["a loss that is none", { loss: "mse" as never }, 'train: the loss is a function of prediction and target, got "mse" (a string)'],
    ["a loss that gives none", { loss: () => 5 as never }, "train: the loss gives a value, got 5; compute it with losses or operations"],
    ["a model that is none", { model: {} as never }, "train: model is one such as new MLP(…), with forward() and namedParameters(), got an object (Object)"],
    ["an optimiser that is none", { optimizer: "sgd" as never }, 'train: the optimizer is one such as new SGD(model.parameters(), { … }), got "sgd" (a string)'],
    ["data that are no pair", { data: { X, y: [[0], [1]] } as never }, "train: data is the pair [X, y], got an object (Object)"],
    ["a function for a stream", { random: Math.random as never, batchSize: 2 }, "train: random is a stream such as numpyRandom(0), got a function"],
    ["onEpoch that cannot be called", { onEpoch: 5 as never }, "train: onEpoch is a function, got 5"],
    ["compile: true", { compile: true as never }, "train: compile is a function, got true (a boolean)"],
    ["a controller for its signal", { signal: new AbortController() as never }, "train: signal is the signal of an AbortController, controller.signal, got an object (AbortController)"],
    ["a checkpoint that saves nothing", { checkpoint: { every: 1 } as never }, "train: save of checkpoint is a function, got undefined"],
    ["a checkpoint with another option", { checkpoint: { save: () => 0, evry: 1 } as never }, 'train: checkpoint: there is no option "evry"; it takes every, save'],
    ["a checkpoint that is none to resume", { resume: {} as never }, "train: resume is a checkpoint as `save` was given it"],
  ])("%s", (_what, more, message) => {
    const { model, run } = documentRun(5, more);
    const before = weightsOf(model);
    expect(run).toThrow(message);
    expect(weightsOf(model)).toEqual(before);
  }); // prettier-ignore
});

describe("a compiled training", () => {
  /** Eager steps behind the interface of compiled ones, which does not look whether numbers are finite. */
  const standIn: CompileTraining = ({ model, loss, optimizer, data: [X, y] }) => ({
    run: (steps) =>
      Array.from({ length: steps }, () => {
        const L = loss(model.forward(X), constant(y));
        optimizer.zeroGrad();
        L.backward();
        optimizer.step();
        return L.item();
      }),
  });

  test("is used where it can be", () => {
    const [eager, compiled] = [documentRun(20), documentRun(20, { compile: standIn })];
    const [expected, got] = [eager.run(), compiled.run()];
    expect([expected.compiled, got.compiled, got.note]).toEqual([false, true, undefined]);
    expect(got.losses).toEqual(expected.losses);
    expect(weightsOf(compiled.model)).toEqual(weightsOf(eager.model));
  });

  test("says why where it cannot, and trains all the same", () => {
    const compile: CompileTraining = () => {
      throw new Error("compile: this host has no WebAssembly");
    };
    const history = documentRun(3, { compile }).run();
    expect(history).toMatchObject({ compiled: false, note: "trained without compiling: compile: this host has no WebAssembly" });
    expect(history.losses).toEqual(documentRun(3).run().losses);
  });

  test("stops where an eager one stops, with the same words and weights", () => {
    const [eager, compiled] = [undefined, standIn].map((compile) => {
      const model = new MLP([1, 1], { random: numpyRandom(1) });
      const optimizer = new SGD(model.parameters(), { learningRate: 4 });
      let message = "";
      try {
        train({ model, optimizer, loss: squaredError, data: [[[10], [20]], [[0], [1]]], epochs: 500, ...(compile && { compile }) }); // prettier-ignore
      } catch (error) {
        ({ message } = error as Error);
      }
      return { message, weights: weightsOf(model), state: optimizer.state };
    });
    expect(eager!.message).toMatch(/^train: .* became -?(Infinity|NaN).* after \d+ steps/);
    expect(compiled).toEqual(eager);
  });

  test.each([1e160, 1e70, 1e40, 1e10].flatMap((learningRate) => [1, 2, 3].map((batchSize) => [learningRate, batchSize] as const)))(
    "in WebAssembly that diverges with rate %f in batches of %i stops where an eager one stops, with the weights of the last finite loss",
    (learningRate, batchSize) => {
      const stopped = (compile?: CompileTraining) => {
        const w = value(1, "w");
        const model = { forward: (x: ValueLike) => w.mul(x), namedParameters: (): [string, Value][] => [["w", w]] };
        const optimizer = new SGD([w], { learningRate, momentum: 0.5 });
        const [random, data] = [numpyRandom(3), [[[8], [16], [4]], [[1], [2], [4]]] as const]; // prettier-ignore
        try {
          train({ model, optimizer, loss: squaredError, data, batchSize, random, epochs: 100, progress: false, ...(compile && { compile }) });
        } catch (error) {
          const { message, steps, epoch, lastLoss } = error as TrainingStopped;
          return { words: message.replace(/\d+(\.\d+)?(e\+\d+)?/g, "…"), counts: [steps, epoch], numbers: [lastLoss!, w.item()], state: optimizer.state.step, random: random.state };
        }
        return expect.fail("nothing became infinite");
      };
      const [{ numbers, ...eager }, { numbers: compiledNumbers, ...compiled }] = [stopped(), stopped(compileTraining)];
      expect(compiled).toEqual(eager);
      expect(compiledNumbers).toBeClose(numbers, { units: 1e-12 * 2 ** 52 });
    },
  ); // prettier-ignore

  test("that meets NaN leaves no trace: eager steps start where it started, with the same stream", () => {
    const compile: CompileTraining = ({ random }) => ({ run: () => [random!.uniform() * NaN] });
    const [eager, compiled] = [moonsRun(3), moonsRun(3, { compile })];
    const { losses, ...outcome } = compiled.run();
    expect(losses).toEqual(eager.run().losses);
    expect(weightsOf(compiled.model)).toEqual(weightsOf(eager.model));
    expect(compiled.random.state).toEqual(eager.random.state);
    const note = "trained without compiling from epoch 0 on: compiled steps met a number that is not finite";
    expect(outcome).toEqual({ ended: "done", compiled: false, note });
  });

  test("whose schedule gives no rate ends where an eager one ends, with the same weights", () => {
    const ends = [undefined, compileTraining].map((compile) => {
      const { model, optimizer, options, random } = moonsRun(5, compile && { compile });
      optimizer.learningRate = (step) => (step === 6 ? NaN : 0.01);
      expect(() => train(options)).toThrow("Adam: the schedule at step 6: learningRate is a finite number from 0, got NaN");
      return { weights: model.parameters(), step: optimizer.state.step, random: random.state };
    });
    expect([ends[1]!.step, ends[1]!.random]).toEqual([ends[0]!.step, ends[0]!.random]);
    for (const [k, w] of ends[0]!.weights.entries()) expect(ends[1]!.weights[k]!).toBeClose(w, { units: 1e-9 * 2 ** 52 });
  });

  test("in WebAssembly repeats the document's run to 1e-11, and shuffled batches to 1e-9", () => {
    const { run } = documentRun(10_000, { compile: compileTraining });
    const { losses, compiled } = run();
    expect(compiled).toBe(true);
    expect([0, 1000, 9000].map((epoch) => losses[epoch]! / 4)).toBeClose(
      [0.050646940528008846, 0.0013785798272023856, 0.00010696929672800906],
      { units: 1e-11 * 2 ** 52 },
    );
    const [eager, fast] = [moonsRun(7), moonsRun(7, { compile: compileTraining })];
    expect(fast.run().losses).toBeClose(eager.run().losses, { units: 1e-9 * 2 ** 52 });
    expect(fast.random.state).toEqual(eager.random.state);
  });

  test("is stopped for every checkpoint and resumed from it", () => {
    const saved: Checkpoint[] = [];
    const { run } = moonsRun(10, { compile: compileTraining, checkpoint: { every: 4, save: (checkpoint) => saved.push(checkpoint) } });
    const { losses } = run();
    expect(saved.map(({ epochs }) => epochs)).toEqual([4, 8, 10]);
    expect(moonsRun(10, { compile: compileTraining, resume: saved[0]! }).run().losses).toEqual(losses);
  });
});

describe("the progress bar", () => {
  const shown = { epoch: 5000, epochs: 10_000, loss: 0.000205794 };

  test("fits the terminal", () => {
    expect(progressLine(shown, 80)).toBe(`${"━".repeat(20)}${"─".repeat(20)}  50 %  epoch 5000/10000  loss 0.000206`);
    for (const columns of [10, 20, 40, 200]) expect(progressLine(shown, columns).length).toBeLessThan(columns);
  });

  test("is rewritten on a terminal, not too often, and taken away at the end", () => {
    let text = "";
    const bar = new ProgressBar({ isTTY: true, columns: 60, write: (more) => (text += more) });
    bar.show(shown, 1000);
    bar.show(shown, 1001);
    bar.clear();
    expect(text).toBe(`\r${progressLine(shown, 60)}\u001b[K\r\u001b[K`);
  });

  test("writes nothing into a pipe", () => {
    let text = "";
    const bar = new ProgressBar({ write: (more) => (text += more) });
    bar.show(shown, 1000);
    bar.clear();
    expect(text).toBe("");
  });
});
