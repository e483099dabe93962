/** All that a reader chose, and its address: the part of the URL after # says everything, so a link shares what is seen. */
import { typedNumber } from "./typed-number.ts";
import { languages, type Language } from "../graph/language.ts";

export const dataNames = ["or", "and", "xor", "moons", "circles", "spiral"] as const;
export type DataName = (typeof dataNames)[number];

export const activationNames = ["relu", "tanh", "sigmoid"] as const;
export type ActivationChoice = (typeof activationNames)[number];

export interface State {
  readonly mode: "formula" | "network";
  readonly formula: string;
  /** What the formula's letters are, as text: a number, or an array in brackets. */
  readonly values: ReadonlyMap<string, string>;
  readonly data: DataName;
  /** Neurons of each hidden layer. */
  readonly hidden: readonly number[];
  readonly activation: ActivationChoice;
  readonly seed: number;
  readonly learningRate: number;
  /** Hand-derived gradients, one a line. */
  readonly hand: string;
  readonly language: Language;
}

export const initial: State = {
  mode: "formula",
  formula: "L = 0.5*(y - sigmoid(w*x + b))^2",
  values: new Map([["y", "1"], ["w", "-0.7"], ["x", "2"], ["b", "0.3"]]), // prettier-ignore
  data: "xor",
  hidden: [4],
  activation: "tanh",
  seed: 42,
  learningRate: 1,
  hand: "",
  language: "en",
};

/** As it stands after # in the address. */
export function addressOf(state: State): string {
  const { mode, formula, values, data, hidden, activation, seed, learningRate, hand, language } = state;
  const chosen =
    mode === "formula"
      ? { f: formula, v: JSON.stringify([...values]), ...(hand === "" ? {} : { g: hand }) }
      : { d: data, h: hidden.join(","), a: activation, s: String(seed), r: String(learningRate) };
  return new URLSearchParams({ m: mode, ...chosen, l: language }).toString();
}

/** What an address says; what it does not say, or says wrongly, is as at first. */
export function stateAt(address: string, language: Language): State {
  const given = new URLSearchParams(address.replace(/^#/, ""));
  const start = { ...initial, language: oneOf(languages, given.get("l"), language) };
  return {
    ...start,
    mode: oneOf(["formula", "network"] as const, given.get("m"), start.mode),
    formula: given.get("f") ?? start.formula,
    values: valuesFrom(given.get("v")) ?? start.values,
    hand: given.get("g") ?? start.hand,
    data: oneOf(dataNames, given.get("d"), start.data),
    hidden: hiddenFrom(given.get("h") ?? "") ?? start.hidden,
    activation: oneOf(activationNames, given.get("a"), start.activation),
    seed: numberFrom(given.get("s"), 0, 2 ** 32 - 1, true) ?? start.seed,
    learningRate: numberFrom(given.get("r"), 1e-6, 100, false) ?? start.learningRate,
  };
}

const oneOf = <T extends string>(allowed: readonly T[], given: string | null, otherwise: T): T =>
  allowed.find((choice) => choice === given) ?? otherwise;

function valuesFrom(text: string | null): Map<string, string> | undefined {
  if (text === null) return undefined;
  try {
    const pairs: unknown = JSON.parse(text);
    const isPairs = Array.isArray(pairs) && pairs.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every((part) => typeof part === "string")); // prettier-ignore
    return isPairs ? new Map(pairs as [string, string][]) : undefined;
  } catch {
    return undefined;
  }
}

/** One to three layers of one to sixteen neurons: "4" or "8, 8". */
export function hiddenFrom(text: string): number[] | undefined {
  const sizes = text.split(/[\s,;x×]+/).filter((part) => part !== "").map(Number); // prettier-ignore
  const isFit = sizes.length >= 1 && sizes.length <= 3 && sizes.every((n) => Number.isInteger(n) && n >= 1 && n <= 16);
  return isFit ? sizes : undefined;
}

export function numberFrom(text: string | null, low: number, high: number, isWhole: boolean): number | undefined {
  const x = typedNumber(text ?? "") ?? NaN;
  return x >= low && x <= high && (!isWhole || Number.isInteger(x)) ? x : undefined;
}
