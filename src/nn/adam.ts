/** Adam (Kingma and Ba, 2015) and AdamW (Loshchilov and Hutter, 2019), in PyTorch's formulas. */
import { checkOptions } from "../graph/options.ts";
import type { Value } from "../graph/value.ts";
import type { Pointwise } from "../ops/vocabulary.ts";
import { decayed, Optimizer, type OptimizerOptions, type UpdateRule } from "./optimizer.ts";

/** What `Adam` and `AdamW` can be asked for. */
export interface AdamOptions extends Partial<OptimizerOptions> {
  /** How slowly the mean of the gradients forgets. */
  readonly beta1?: number;
  /** How slowly the mean of their squares forgets. */
  readonly beta2?: number;
  /** Keeps the quotient finite. */
  readonly epsilon?: number;
}

abstract class AdaptiveMoments extends Optimizer {
  declare beta1: number;
  declare beta2: number;
  declare epsilon: number;

  constructor(name: string, parameters: readonly Value[], options: AdamOptions, defaultDecay: number) {
    checkOptions(name, options, ["learningRate", "beta1", "beta2", "epsilon", "weightDecay"]);
    const { learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = defaultDecay } = options;
    super(name, parameters, { learningRate, beta1, beta2, epsilon, weightDecay });
  }

  /** What weight decay makes of gradient and weight before the step. */
  protected abstract decay<T>(m: Pointwise<T>, w: T, g: T, learningRate: T | number): readonly [w: T, g: T];

  override get rule(): UpdateRule {
    const { beta1, beta2, epsilon } = this;
    return {
      memory: ["mean", "meanSquare"],
      // The two means start at 0; divided by 1 − βᵗ they are unbiased.
      numbers: (t, learningRate) => ({ learningRate, step: learningRate / (1 - beta1 ** t), root: Math.sqrt(1 - beta2 ** t) }),
      update: (m, weight, gradient, memory, { learningRate, step, root }) => {
        const [w, g] = this.decay(m, weight, gradient, learningRate!);
        const mean = m.add(m.mul(beta1, memory.mean!), m.mul(1 - beta1, g));
        const meanSquare = m.add(m.mul(beta2, memory.meanSquare!), m.mul(1 - beta2, m.square(g)));
        const size = m.add(m.div(m.sqrt(meanSquare), root!), epsilon);
        return { parameter: m.sub(w, m.mul(step!, m.div(mean, size))), memory: { mean, meanSquare } };
      },
    };
  }
}

/** Steps along mean/√(mean of squares): every weight moves by about the learning rate, 0.001 where none is given. */
export class Adam extends AdaptiveMoments {
  constructor(parameters: readonly Value[], options: AdamOptions = {}) {
    super("Adam", parameters, options, 0);
  }

  protected override decay<T>(m: Pointwise<T>, w: T, g: T): readonly [w: T, g: T] {
    return [w, decayed(m, this.weightDecay, w, g)];
  }
}

/** Adam whose weights shrink by learningRate · weightDecay beside the step, not through the gradient; weightDecay 0.01 where none is given. */
export class AdamW extends AdaptiveMoments {
  constructor(parameters: readonly Value[], options: AdamOptions = {}) {
    super("AdamW", parameters, options, 0.01);
  }

  protected override decay<T>(m: Pointwise<T>, w: T, g: T, learningRate: T | number): readonly [w: T, g: T] {
    return [this.weightDecay === 0 ? w : m.mul(w, m.sub(1, m.mul(learningRate, this.weightDecay))), g];
  }
}
