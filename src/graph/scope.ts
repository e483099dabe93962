/**
 * Scopes name a part of a computation (a neuron, a layer, a loss, `mean`), so that a drawing can show it closed as one box
 * or open as its parts. A value belongs to the scope in which it was computed.
 */
import type { Value } from "./value.ts";

export type ScopeKind = "function" | "neuron" | "layer" | "network" | "loss";

export interface Scope {
  readonly name: string;
  readonly kind: ScopeKind;
  readonly parent: Scope | null;
  /** What it computes, as text: "relu(X W1 + b1)". */
  readonly formula: string;
  /** The leaves it owns: older than the computation, they are drawn where they are used. */
  readonly parameters: readonly Value[];
}

export interface ScopeOptions {
  readonly kind?: ScopeKind;
  readonly formula?: string;
  readonly parameters?: readonly Value[];
}

let current: Scope | null = null;

/** The innermost open scope. */
export const currentScope = (): Scope | null => current;

/** Runs `body`; the values it computes belong to a new scope of this name, inside the one that is open. */
export function scoped<T>(name: string, { kind = "function", formula = "", parameters = [] }: ScopeOptions, body: () => T): T {
  return within({ name, kind, parent: current, formula, parameters }, body);
}

/** Runs `body` as if it stood in `scope`, which may have been closed long ago. */
export function within<T>(scope: Scope | null, body: () => T): T {
  const outer = current;
  current = scope;
  try {
    return body();
  } finally {
    current = outer;
  }
}
