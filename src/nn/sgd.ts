/** Gradient descent, w := w − α ∂L/∂w (the document, 3.2 and 5.5), with momentum and weight decay as PyTorch has them. */
import { checkOptions } from "../graph/options.ts";
import type { Value } from "../graph/value.ts";
import { decayed, Optimizer, type Named, type OptimizerOptions, type UpdateRule } from "./optimizer.ts";

/** What `SGD` can be asked for. */
export interface SGDOptions extends OptimizerOptions {
  /** v := momentum · v + g is stepped along instead of g; 0 where none is given. */
  readonly momentum?: number;
  /** Looks ahead: steps along g + momentum · v (Nesterov, 1983). */
  readonly nesterov?: boolean;
}

/**
 * @throws RangeError for hyper-parameters outside their range, or nesterov without momentum.
 * @example
 * const w = value(1, "w");
 * const optimizer = new SGD([w], { learningRate: 0.1 });
 * w.square().backward();
 * optimizer.step();
 * w.data; // 0.8
 */
export class SGD extends Optimizer {
  declare momentum: number;
  declare nesterov: boolean;

  constructor(parameters: readonly Value[], options: SGDOptions) {
    checkOptions("SGD", options, ["learningRate", "momentum", "nesterov", "weightDecay"]);
    const { learningRate, momentum = 0, nesterov = false, weightDecay = 0 } = options;
    super("SGD", parameters, { learningRate, momentum, nesterov, weightDecay });
  }

  protected override check({ momentum, nesterov }: Named<unknown>): void {
    if (nesterov === true && momentum === 0) throw new RangeError("SGD: nesterov needs a momentum above 0");
  }

  override get rule(): UpdateRule {
    const { momentum, nesterov, weightDecay } = this;
    return {
      memory: momentum === 0 ? [] : ["velocity"],
      numbers: (_t, learningRate) => ({ learningRate }),
      isStationary: true,
      update: (m, w, gradient, { velocity }, { learningRate }) => {
        const g = decayed(m, weightDecay, w, gradient);
        if (velocity === undefined || momentum === 0) return { parameter: m.sub(w, m.mul(learningRate!, g)), memory: {} };
        const v = m.add(m.mul(momentum, velocity), g);
        const along = nesterov ? m.add(g, m.mul(momentum, v)) : v;
        return { parameter: m.sub(w, m.mul(learningRate!, along)), memory: { velocity: v } };
      },
    };
  }
}
