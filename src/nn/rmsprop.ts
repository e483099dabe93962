/** RMSProp (Hinton's lecture 6e, 2012) in PyTorch's formula: g/(√v + ε), v the running mean of g². */
import { checkOptions } from "../graph/options.ts";
import type { Value } from "../graph/value.ts";
import { decayed, Optimizer, type OptimizerOptions, type UpdateRule } from "./optimizer.ts";

/** What `RMSProp` can be asked for. */
export interface RMSPropOptions extends Partial<OptimizerOptions> {
  /** How slowly the mean of the squares forgets; 0.99 where none is given. */
  readonly decay?: number;
  /** As that of SGD, of the scaled gradients; 0 where none is given. */
  readonly momentum?: number;
  readonly epsilon?: number;
}

/** RMSProp: each entry's step is divided by the root of a running mean of its squared gradients. */
export class RMSProp extends Optimizer {
  declare decay: number;
  declare momentum: number;
  declare epsilon: number;

  constructor(parameters: readonly Value[], options: RMSPropOptions = {}) {
    checkOptions("RMSProp", options, ["learningRate", "decay", "momentum", "epsilon", "weightDecay"]);
    const { learningRate = 0.01, decay = 0.99, momentum = 0, epsilon = 1e-8, weightDecay = 0 } = options;
    super("RMSProp", parameters, { learningRate, decay, momentum, epsilon, weightDecay });
  }

  override get rule(): UpdateRule {
    const { decay, momentum, epsilon, weightDecay } = this;
    return {
      memory: momentum === 0 ? ["meanSquare"] : ["meanSquare", "velocity"],
      numbers: (_t, learningRate) => ({ learningRate }),
      isStationary: true,
      update: (m, w, gradient, memory, { learningRate }) => {
        const g = decayed(m, weightDecay, w, gradient);
        const meanSquare = m.add(m.mul(decay, memory.meanSquare!), m.mul(1 - decay, m.square(g)));
        const scaled = m.div(g, m.add(m.sqrt(meanSquare), epsilon));
        if (momentum === 0) return { parameter: m.sub(w, m.mul(learningRate!, scaled)), memory: { meanSquare } };
        const velocity = m.add(m.mul(momentum, memory.velocity!), scaled);
        return { parameter: m.sub(w, m.mul(learningRate!, velocity)), memory: { meanSquare, velocity } };
      },
    };
  }
}
