/** The open scopes of a drawing as nested frames; around them, where the gradient graph is beside the forward one, one frame for each. */
import type { Language } from "../graph/language.ts";
import type { Scope } from "../graph/scope.ts";
import type { DrawnCluster } from "./drawing.ts";
import { pathOf } from "./graph-data.ts";
import { plainText } from "../graph/plain-text.ts";
import type { Context, Picture, Region } from "./picture.ts";
import type { Unit } from "./units.ts";

const numbers = new WeakMap<Picture, Map<Scope, string>>();

/** c0, c1, …: the scopes in the order in which their first nodes come. */
function scopeIds(picture: Picture): Map<Scope, string> {
  const known = numbers.get(picture);
  if (known) return known;
  const ids = new Map<Scope, string>();
  let last: Scope | null = null;
  for (const { scope } of picture.graph.nodes) {
    if (scope === last) continue;
    last = scope;
    for (const outer of pathOf(scope).reverse()) if (!ids.has(outer)) ids.set(outer, `c${ids.size}`);
  }
  numbers.set(picture, ids);
  return ids;
}

/** The frame a box is in. */
export function clusterOf(picture: Picture, { scope, nodes }: Unit): string | null {
  return scope === null ? picture.regionOf(nodes[0]!) : scopeIds(picture).get(scope)!;
}

const titles: { readonly [L in Language]: { readonly [R in Region]: string } } = {
  en: { forward: "forward", backward: "backward: values too" },
  es: { forward: "hacia adelante", backward: "hacia atrás: también valores" },
};

/** The frames that have something in them, outer before inner. */
export function clustersOf({ picture, folded, options }: Context): DrawnCluster[] {
  const clusters = new Map<string, DrawnCluster>();
  for (const { scope, nodes } of folded.units) {
    const region = picture.regionOf(nodes[0]!);
    if (region !== null) clusters.set(region, { id: region, title: titles[options.language][region], kind: "region", parent: null });
    for (const outer of pathOf(scope).reverse()) {
      const id = scopeIds(picture).get(outer)!;
      const parent = outer.parent === null ? region : scopeIds(picture).get(outer.parent)!;
      if (!clusters.has(id)) clusters.set(id, { id, title: titleOf(outer), kind: outer.kind, parent });
    }
  }
  return [...clusters.values()];
}

const titleOf = ({ name, formula }: Scope): string => (formula === "" ? plainText(name) : `${plainText(name)}   ${plainText(formula)}`);
