/** What a reader can take away: the drawing as DOT and SVG, the mathematics as LaTeX, the program as TypeScript, the link, the page. */
import type { Value } from "../graph/value.ts";
import { toDot } from "../views/dot.ts";
import { toHtml } from "../views/html/html.ts";
import { stageOf } from "../views/html/stage.ts";
import { toSvg } from "../views/svg.ts";
import { typescriptOf } from "./source-text.ts";
import type { State } from "./state.ts";

export interface Taken {
  readonly root: Value;
  readonly state: State;
  readonly given: ReadonlyMap<string, string>;
}

export const copyNames = ["DOT", "SVG", "LaTeX", "TypeScript", "link", "page"] as const;
export type CopyName = (typeof copyNames)[number];

export function copyOf(what: CopyName, { root, state, given }: Taken): Promise<string> | string {
  const options = { gradients: true, language: state.language };
  switch (what) {
    case "DOT":
      return toDot(root, options);
    case "SVG":
      return toSvg(root, options);
    case "LaTeX":
      return stageOf(root, { language: state.language }).then(({ latex }) => latex);
    case "TypeScript":
      return typescriptOf(state, given);
    case "link":
      return location.href;
    case "page":
      return toHtml(root, { language: state.language });
  }
}

/** Puts text on the clipboard; false where the browser does not let it. */
export async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Saves text as a file. */
export function saved(text: string, name: string, type: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
