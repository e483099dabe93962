/** Learning rates that change: functions of the number of steps done so far, the first being step 0. */
import { checkOptions } from "../graph/options.ts";
import { checkRange } from "./hyper-parameters.ts";

/** The learning rate of a step, the first being step 0. */
export type Schedule = (step: number) => number;

export interface Decay {
  /** What the rate is multiplied with. */
  readonly factor: number;
}

export interface Descent {
  /** After how many steps the end is reached. */
  readonly steps: number;
  /** The rate from then on; 0 where none is given. */
  readonly final?: number;
}

/** Learning rates that change with the step, by name. */
export const schedules = {
  /** rate, at every step */
  constant(rate: number): Schedule {
    checkRange("schedules.constant", "learningRate", rate);
    return () => rate;
  },

  /** rate · factor^⌊t/every⌋ */
  step(rate: number, options: { readonly every: number } & Partial<Decay>): Schedule {
    checkOptions("schedules.step", options, ["every", "factor"]);
    const { every, factor = 0.1 } = options;
    checkRange("schedules.step", "learningRate", rate);
    checkRange("schedules.step", "every", every);
    checkRange("schedules.step", "factor", factor);
    return (t) => rate * factor ** Math.floor(t / every);
  },

  /** rate · factorᵗ */
  exponential(rate: number, options: Decay): Schedule {
    checkOptions("schedules.exponential", options, ["factor"]);
    const { factor } = options;
    checkRange("schedules.exponential", "learningRate", rate);
    checkRange("schedules.exponential", "factor", factor);
    return (t) => rate * factor ** t;
  },

  /** Half a cosine from `rate` to `final` (Loshchilov and Hutter, 2017). */
  cosine(rate: number, descent: Descent): Schedule {
    return descending("schedules.cosine", rate, descent, (share) => (1 + Math.cos(Math.PI * share)) / 2);
  },

  /** A straight line from `rate` to `final`. */
  linear(rate: number, descent: Descent): Schedule {
    return descending("schedules.linear", rate, descent, (share) => 1 - share);
  },
} as const;

/** final + (rate − final) · height, where height falls from 1 to 0. */
function descending(operation: string, rate: number, options: Descent, height: (share: number) => number): Schedule {
  checkOptions(operation, options, ["steps", "final"]);
  const { steps, final = 0 } = options;
  checkRange(operation, "learningRate", rate);
  checkRange(operation, "steps", steps);
  checkRange(operation, "final", final);
  return (t) => (t >= steps ? final : final + (rate - final) * height(t / steps));
}
