/** `backward`: one sweep over tensors whose results are written into the values. */
import { shapeOf, toTensor, type Tensor } from "../array/ndarray.ts";
import { formatShape, isSameShape } from "../array/shape.ts";
import { sweepable } from "../graph/order.ts";
import { checkValue, type TensorLike } from "../graph/lift.ts";
import { nameOf, Value } from "../graph/value.ts";
import { tensors } from "../ops/tensors.ts";
import { sweepTensors } from "./sweep.ts";

/**
 * Gives every value that `loss` depends on its gradient ∂loss/∂value. Leaves add it to what they hold; computed values hold that of
 * the last sweep.
 *
 * @param gradient the gradient of the loss itself, of its shape; 1 for a number.
 * @throws RangeError where the loss is not a number and no gradient is passed; Error where data was written since.
 */
export function backward(loss: Value, gradient?: Value | TensorLike): void {
  const seed = seedOf("backward", loss, gradient);
  if (!loss.takesGradient)
    throw new Error(`backward: ${nameOf(loss)} depends on no value that takes a gradient; make its inputs with value(…), not constant(…)`);
  const { order, leaves, moment } = sweepable(loss, "backward");
  const gradients = sweepTensors(order, seed);
  moment.gradients = gradients;
  for (const leaf of leaves) {
    const g = gradients[leaf.place];
    if (g !== undefined) leaf.gradient = leaf.gradient === null ? g : tensors.add(leaf.gradient, g);
  }
}

/** The gradient a sweep starts from. */
export function seedOf(operation: string, y: Value, gradient: Value | TensorLike | undefined): Tensor {
  checkValue(operation, y);
  if (gradient === undefined && typeof y.payload === "number") return 1;
  const shape = formatShape(y.shape);
  if (gradient === undefined) {
    throw new RangeError(`${operation}: the loss has shape ${shape}; take .sum() or .mean() first, or pass a gradient of shape ${shape}`);
  }
  const seed = gradient instanceof Value ? gradient.payload : toTensor(operation, gradient);
  if (!isSameShape(shapeOf(seed), y.shape))
    throw new RangeError(`${operation}: the gradient has shape ${formatShape(shapeOf(seed))}, the loss ${shape}; they must agree`);
  return seed;
}

Value.prototype.backward = function (this: Value, gradient?: Value | TensorLike) {
  backward(this, gradient);
};

declare module "../graph/value.ts" {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- a merged interface repeats the parameters of the class
  interface Value<P extends Tensor = Tensor> {
    /** Gives every value this one depends on its gradient; see the function `backward`. */
    backward(gradient?: Value | TensorLike): void;
  }
}
