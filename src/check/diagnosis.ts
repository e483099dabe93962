/**
 * Which mistake leads to this gradient? Every entry of the catalogue is tried at every edge of the step that went wrong, at one edge
 * and at all of its kind, by carrying the learner's own gradients over the step again; what comes out must be what they wrote, in all
 * entries, up to a factor that has a name.
 */
import { entriesOf, shapeOf, type Tensor } from "../array/ndarray.ts";
import { formatShape, isSameShape } from "../array/shape.ts";
import { tensors } from "../ops/tensors.ts";
import { agrees, constantRatio, isClose, reshaped } from "./agreement.ts";
import { alteredEdges, constants, paths, stretches } from "./altered-step-suspects.ts";
import type { Facts, MistakeName } from "./catalogue.ts";
import { isAlike, stretched } from "./layout.ts";
import { otherGradients, otherValues, repeatedSlips, updated } from "./mistaken-value-suspects.ts";
import { namedFactors, type Case, type Suspect } from "./suspect.ts";
import { extraFactors, layouts, lostConstants, otherLosses, ratios, simplifiedSlopes } from "./whole-gradient-suspects.ts";

/** One explanation of a wrong gradient. */
export interface Diagnosis {
  readonly name: MistakeName;
  readonly facts: Facts;
  /** What the gradient is multiplied by besides. */
  readonly factor: number;
  /** In how many entries that are not 0 it was seen. */
  readonly entries: number;
}

const sources: readonly ((wrong: Case) => Iterable<Suspect>)[] = [
  layouts, ratios, lostConstants, alteredEdges, paths, constants, stretches, otherValues, repeatedSlips, otherGradients, updated, otherLosses, simplifiedSlopes, extraFactors,
]; // prettier-ignore

/** Trying everything on a large graph takes too long; after so many edges a search ends with what it has. */
const budget = 150_000;

/** The explanations that fit, the likeliest first. */
export function diagnosesOf(wrong: Case): Diagnosis[] {
  const nothing = notANumber(wrong);
  if (nothing) return [nothing];
  const found: (Diagnosis & { rank: number })[] = [];
  let spent = 0;
  const cost = Math.max(1, wrong.segment.edges.length);
  for (const source of sources)
    for (const suspect of source(wrong)) {
      if ((spent += cost) > budget) break;
      const fit = fitOf(wrong, suspect);
      if (fit) found.push({ name: suspect.name, facts: suspect.facts, ...fit, rank: suspect.rank + (fit.factor === 1 ? 0 : 50) });
    }
  if (found.length === 0) found.push(...leftovers(wrong).map((diagnosis) => ({ ...diagnosis, rank: 99 })));
  found.sort((a, b) => a.rank - b.rank);
  return distinct(found).map(({ name, facts, factor, entries }) => ({ name, facts, factor, entries }));
}

function distinct<D extends Diagnosis>(found: readonly D[]): D[] {
  const seen = new Set<string>();
  return found.filter(({ name, facts }) => {
    const key = `${name} ${facts.place ?? ""} ${facts.what ?? ""}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** Whether the candidate is what was written, perhaps up to a factor with a name; it must differ from the right answer. */
function fitOf(
  { mine, expected, noise, coarseness, batch }: Case,
  { candidate }: Suspect,
): { factor: number; entries: number } | undefined {
  let made: Tensor | undefined;
  try {
    made = candidate();
  } catch {
    return undefined; // shapes that do not go together: this cannot have happened
  }
  if (made === undefined) return undefined;
  if (entriesOf(made).length !== entriesOf(mine).length) {
    const repeated = stretched(mine, shapeOf(made));
    return repeated && entriesOf(repeated).some((x) => x !== 0) && agrees(repeated, made) && !agrees(made, expected) ? { factor: 1, entries: entriesOf(mine).length } : undefined; // prettier-ignore
  }
  if (!isSameShape(shapeOf(made), shapeOf(mine))) {
    if (!isAlike(shapeOf(made), shapeOf(mine))) return undefined;
    made = reshaped(made, shapeOf(mine));
  }
  const slack = slackOf(made, noise, coarseness);
  if (agrees(made, expected, slack)) return undefined;
  if (agrees(mine, made, slack)) return { factor: 1, entries: entriesOf(made).filter((x) => x !== 0).length };
  const constant = constantRatio(mine, made, slack);
  if (constant === undefined || constant.entries === 0) return undefined;
  const factor = namedFactors(batch).find((k) => isClose(k, constant.ratio));
  if (factor === undefined || agrees(tensors.mul(made, factor), expected)) return undefined;
  return { factor, entries: constant.entries };
}

/** How far a candidate may be off: by rounding, and by what it starts from having been written with few digits. */
function slackOf(made: Tensor, noise: Float64Array, coarseness: number): Float64Array {
  const entries = entriesOf(made);
  const coarse = coarseness === 0 ? 0 : coarseness * entries.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return entries.map((_, i) => coarse + (noise.length === entries.length ? noise[i]! : 0));
}

function notANumber({ mine, expected }: Case): Diagnosis | undefined {
  const bad = entriesOf(mine).filter((x) => !Number.isFinite(x)).length;
  const isExpected = entriesOf(expected).some((x) => !Number.isFinite(x));
  return bad > 0 || isExpected ? { name: "not a number", facts: { count: bad, what: isExpected ? "expected" : "mine" }, factor: 1, entries: bad } : undefined; // prettier-ignore
}

/** What can be said where nothing of the catalogue fits. */
function leftovers({ mine, expected, noise }: Case): Diagnosis[] {
  if (!isSameShape(shapeOf(mine), shapeOf(expected)))
    return [
      { name: "wrong shape", facts: { what: formatShape(shapeOf(mine)), other: formatShape(shapeOf(expected)) }, factor: 1, entries: 0 },
    ];
  const [p, q] = [entriesOf(mine), entriesOf(expected)];
  if (p.every((x) => x === 0)) return [{ name: "zero", facts: {}, factor: 1, entries: p.length }];
  const wrong = [...p.keys()].filter((i) => !isClose(p[i]!, q[i]!, noise[i]));
  if (wrong.length < p.length) {
    const isFlipped = wrong.every((i) => isClose(p[i]!, -q[i]!, noise[i]));
    return [
      { name: "some entries", facts: { count: wrong.length, ...(isFlipped ? { ratio: -1 } : {}) }, factor: 1, entries: wrong.length },
    ];
  }
  return [{ name: "unnamed", facts: {}, factor: 1, entries: wrong.length }];
}
