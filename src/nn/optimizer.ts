/**
 * What optimisers have in common: parameters, hyper-parameters, and a memory of each parameter from step to step. How a parameter
 * is updated is said once, in the words of the calculus table, so that the same rule runs here on arrays and in compiled code.
 */
import { copied, shapeOf, toTensor, zerosOf, type Tensor } from "../array/ndarray.ts";
import { describe, formatShape, isSameShape } from "../array/shape.ts";
import { Leaf, nameOf, Value } from "../graph/value.ts";
import { tensors } from "../ops/tensors.ts";
import type { Operand, Pointwise } from "../ops/vocabulary.ts";
import { checkRange, ranges, type Ranged } from "./hyper-parameters.ts";
import type { Schedule } from "./schedules.ts";

/** Names to what they stand for: hyper-parameters, or what is remembered of a parameter. */
export type Named<T> = Readonly<Record<string, T>>;

/** A parameter and what is remembered of it. */
export interface Updated<T> {
  readonly parameter: T;
  readonly memory: Named<T>;
}

/** How a parameter is updated, in any arithmetic. */
export interface UpdateRule {
  /** What is remembered of a parameter, each of its shape and 0 at the start. */
  readonly memory: readonly string[];
  /** The numbers of step t = 1, 2, 3, … that the update needs, from the learning rate of that step. */
  readonly numbers: (t: number, learningRate: number) => Named<number>;
  /** That the numbers do not depend on t: compiled code then asks for them once, not for every step. */
  readonly isStationary?: true;
  /** The parameter after a step, and what is remembered of it. */
  readonly update: <T>(m: Pointwise<T>, parameter: T, gradient: T, memory: Named<T>, numbers: Named<Operand<T>>) => Updated<T>;
}

/** What resuming needs. */
export interface OptimizerState {
  /** Steps done. */
  readonly step: number;
  /** What is remembered of each parameter. */
  readonly memory: readonly Named<Tensor>[];
}

/** What every optimiser can be asked for. */
export interface OptimizerOptions {
  /** A number, or a schedule. */
  readonly learningRate: number | Schedule;
  /** Adds weightDecay · w to the gradient of each w; 0 where none is given. */
  readonly weightDecay?: number;
}

type HyperParameter = number | boolean | Schedule;

/** Parameters and the rule that updates them: `zeroGrad()`, a backward pass, `step()`. */
export abstract class Optimizer {
  readonly name: string;
  readonly parameters: readonly Value[];
  declare learningRate: number | Schedule;
  declare weightDecay: number;
  #hyper: Named<HyperParameter> = {};
  #steps = 0;
  #memory: readonly Named<Tensor>[];

  constructor(name: string, parameters: readonly Value[], hyper: Named<HyperParameter>) {
    checkParameters(name, parameters);
    this.name = name;
    this.parameters = [...parameters];
    this.#memory = parameters.map(() => ({}));
    for (const key of Object.keys(hyper))
      Object.defineProperty(this, key, {
        enumerable: true,
        get: () => this.#hyper[key],
        set: (x: HyperParameter) => {
          this.#change({ ...this.#hyper, [key]: x });
        },
      });
    this.#change(hyper);
  }

  /** How a parameter is updated, with the hyper-parameters as they are now. */
  abstract get rule(): UpdateRule;

  /** Refuses hyper-parameters that do not go together. */
  protected check?(hyper: Named<unknown>): void;

  #change(hyper: Named<HyperParameter>): void {
    for (const [key, x] of Object.entries(hyper)) checkHyperParameter(this.name, key, x);
    this.check?.(hyper);
    this.#hyper = hyper;
  }

  /** The hyper-parameters as they are now, by name. */
  get settings(): Named<number | boolean | Schedule> {
    return this.#hyper;
  }

  /** The learning rate of the next step. */
  get rate(): number {
    return this.rateAt(this.#steps);
  }

  /** The learning rate after so many steps. @throws RangeError where the schedule gives none. */
  rateAt(step: number): number {
    if (typeof this.learningRate === "number") return this.learningRate;
    const rate = this.learningRate(step);
    checkRange(`${this.name}: the schedule at step ${step}`, "learningRate", rate);
    return rate;
  }

  /** Updates every parameter that has a gradient. */
  step(): void {
    const { rule, rate } = this;
    const numbers = rule.numbers(this.#steps + 1, rate);
    const updated = this.parameters.map((p, i) => (p.gradient === null ? null : updatedTensor(rule, p, this.#memory[i]!, numbers)));
    // First what may be refused: while a function is traced, nothing is written, and then no step is counted.
    for (const [i, u] of updated.entries()) if (u !== null) this.parameters[i]!.data = u.parameter;
    this.#memory = updated.map((u, i) => u?.memory ?? this.#memory[i]!);
    this.#steps += 1;
  }

  /** Forgets the gradients of its parameters. */
  zeroGrad(): void {
    for (const parameter of this.parameters) parameter.zeroGrad();
  }

  /** Steps done and what is remembered; setting it resumes there, to the bit. */
  get state(): OptimizerState {
    const { rule } = this;
    const memory = this.#memory.map((slots, i) => rememberedOf(rule, this.parameters[i]!, slots));
    return { step: this.#steps, memory };
  }

  set state(state: OptimizerState) {
    const memory = checkedMemory(this, state);
    this.#steps = state.step;
    this.#memory = memory;
  }

  /** @internal Where it stands, without copies: what is remembered is replaced in a step, not changed. */
  snapshot(): OptimizerState {
    return { step: this.#steps, memory: this.#memory };
  }

  /** @internal Back to a snapshot of its own. */
  restore({ step, memory }: OptimizerState): void {
    [this.#steps, this.#memory] = [step, memory];
  }
}

function updatedTensor(rule: UpdateRule, p: Value, memory: Named<Tensor>, numbers: Named<number>): Updated<Tensor> {
  const slots = rule.memory.every((key) => key in memory)
    ? memory
    : Object.fromEntries(rule.memory.map((key) => [key, memory[key] ?? zerosOf(p.shape)]));
  return rule.update<Tensor>(tensors, p.payload, p.gradient!, slots, numbers);
}

const rememberedOf = ({ memory }: UpdateRule, p: Value, slots: Named<Tensor>): Named<Tensor> =>
  Object.fromEntries(memory.map((key) => [key, copied(slots[key] ?? zerosOf(p.shape))]));

function checkParameters(name: string, parameters: unknown): void {
  if (!Array.isArray(parameters))
    throw new TypeError(`${name}: takes a list of parameters, as model.parameters(), got ${describe(parameters)}`);
  if (parameters.length === 0) throw new RangeError(`${name}: the list of parameters is empty`);
  for (const p of parameters as unknown[])
    if (!(p instanceof Leaf)) throw new TypeError(`${name}: a parameter is a value made by value(…), got ${whatIs(p)}`);
  const twice = (parameters as Value[]).find((p, i) => parameters.indexOf(p) !== i);
  if (twice) throw new RangeError(`${name}: ${nameOf(twice)} is in the list twice and would be updated twice`);
}

const whatIs = (p: unknown): string => (p instanceof Value ? nameOf(p as Value) : describe(p));

function checkHyperParameter(operation: string, key: string, x: HyperParameter): void {
  if (key === "learningRate" && typeof x === "function") return;
  if (Object.hasOwn(ranges, key)) checkRange(operation, key as Ranged, x);
  else if (typeof x !== "boolean") throw new TypeError(`${operation}: ${key} is true or false, got ${describe(x)}`);
}

function checkedMemory({ name, parameters, rule }: Optimizer, state: unknown): Named<Tensor>[] {
  if (typeof state !== "object" || state === null) throw new TypeError(`${name}: a state is { step, memory }, got ${describe(state)}`);
  const { step, memory } = state as Partial<Record<keyof OptimizerState, unknown>>;
  if (!Number.isSafeInteger(step) || (step as number) < 0)
    throw new RangeError(`${name}: the step of a state is a whole number from 0, got ${describe(step)}`);
  if (!Array.isArray(memory) || memory.length !== parameters.length)
    throw new RangeError(
      `${name}: there are ${parameters.length} parameters, the state is of ${Array.isArray(memory) ? memory.length : describe(memory)}`,
    );
  return memory.map((slots: unknown, i) =>
    Object.fromEntries(rule.memory.map((key) => [key, checkedSlot(name, parameters[i]!, key, slots)])),
  );
}

function checkedSlot(name: string, p: Value, key: string, slots: unknown): Tensor {
  if (typeof slots !== "object" || slots === null || !Object.hasOwn(slots, key))
    throw new RangeError(`${name}: the state of ${nameOf(p)} has no ${key}`);
  const slot = toTensor(name, (slots as Named<unknown>)[key]);
  if (isSameShape(shapeOf(slot), p.shape)) return slot;
  throw new RangeError(
    `${name}: the ${key} of ${nameOf(p)} has shape ${formatShape(shapeOf(slot))}, the parameter ${formatShape(p.shape)}`,
  );
}

/** g + weightDecay · w: the gradient of L + ½ weightDecay · w². */
export const decayed = <T>(m: Pointwise<T>, weightDecay: number, w: T, g: T): T =>
  weightDecay === 0 ? g : m.add(g, m.mul(weightDecay, w));
