/**
 * Whether the test means anything. Some points cannot tell a formula from a wrong one: where every ReLU is open, forgetting its mask
 * changes nothing. For a step that is right, the common mistakes are tried, and where one would have passed, a better point is looked for.
 */
import { entriesOf, NdArray, type Tensor } from "../array/ndarray.ts";
import { nodesOf } from "../graph/order.ts";
import { replay } from "../graph/replay.ts";
import type { Value } from "../graph/value.ts";
import { tensors } from "../ops/tensors.ts";
import { numpyRandom } from "../random/numpy-random.ts";
import { agrees } from "./agreement.ts";
import { edgeMistakes, onesLike, type EdgeMistake, type Facts as MistakeFacts, type MistakeName } from "./catalogue.ts";
import type { Judgement } from "./judgement.ts";
import { carriedBack, type Circuit, type Segment, type Setting, type Use } from "./segment.ts";
import { only } from "./suspect.ts";

/** A mistake that would not have been noticed. */
export interface Blindness {
  readonly name: MistakeName;
  readonly facts: MistakeFacts;
  /** Data for the leaves at which it would be; undefined where none was found. */
  readonly betterPoint: ReadonlyMap<Value, Tensor> | undefined;
}

/** The mistakes worth trying: those that leave a rule out. Constants and sums cannot hide. */
const silent: ReadonlySet<MistakeName> = new Set(["derivative missing", "factor missing", "mask inverted"]);
const largestSegment = 400;

/** The first mistake at this right step that the point cannot tell from the right rule. */
export function blindnessOf(circuit: Circuit, { segment, setting, expected, noise }: Judgement): Blindness | undefined {
  if (segment.edges.length > largestSegment) return undefined;
  for (const mistake of edgeMistakes) {
    if (!silent.has(mistake.name)) continue;
    for (const use of segment.edges.filter(mistake.applies)) {
      const candidate = altered(segment, setting, mistake, use);
      if (candidate === undefined || !agrees(candidate, expected, noise)) continue;
      return { name: mistake.name, facts: mistake.facts(use), betterPoint: betterPoint(circuit, segment, mistake, use) };
    }
  }
  return undefined;
}

function altered(segment: Segment, setting: Setting, { contribution }: EdgeMistake, use: Use): Tensor | undefined {
  try {
    return carriedBack(segment, setting, only(use, contribution));
  } catch {
    return undefined; // the shapes do not go together, so nobody can have written it
  }
}

const tries = 12;

/** Leaves drawn anew, farther and farther from where they are, until the right rule and the wrong one differ clearly. */
function betterPoint(circuit: Circuit, segment: Segment, mistake: EdgeMistake, use: Use): Map<Value, Tensor> | undefined {
  const random = numpyRandom(7);
  const nodes = nodesOf(circuit.loss);
  const leaves = nodes.filter((node) => node.primitive === null && node.takesGradient);
  for (let attempt = 0; attempt < tries; attempt++) {
    const point = new Map(leaves.map((leaf) => [leaf, nearby(leaf.payload, () => (1 + attempt / 2) * random.normal())]));
    const numbers = replay(nodes, tensors, (node) => point.get(node) ?? (node.primitive === null ? node.payload : undefined));
    const read = (node: Value) => numbers.get(node)!;
    const given = (node: Value) => (node === circuit.loss || segment.nodes[0] === node ? onesLike(read(node)) : undefined);
    const right = carriedBack(segment, { read, given });
    const wrong = altered(segment, { read, given }, mistake, use);
    if (right !== undefined && wrong !== undefined && isFarApart(right, wrong)) return point;
  }
  return undefined;
}

/** Short numbers, which a person can type: two decimals. */
function nearby(x: Tensor, draw: () => number): Tensor {
  const moved = (entry: number) => Number((entry + draw()).toFixed(2));
  return typeof x === "number" ? moved(x) : new NdArray(x.shape, x.values.map(moved));
}

/** In a tenth of the entries, by a hundredth. */
function isFarApart(a: Tensor, b: Tensor): boolean {
  const [p, q] = [entriesOf(a), entriesOf(b)];
  const apart = [...p.keys()].filter((i) => Math.abs(p[i]! - q[i]!) > 0.01 * Math.max(Math.abs(p[i]!), Math.abs(q[i]!)));
  return apart.length * 10 >= p.length;
}
