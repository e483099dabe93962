/** Options of functions, checked: `x.sum(0)` and `x.sum({ dim: 0 })` would otherwise quietly sum everything. */
import { describe } from "../array/shape.ts";

/** @throws TypeError for what is no object, and for an option the function does not have. */
export function checkOptions(operation: string, options: unknown, names: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options))
    throw new TypeError(`${operation}: options are an object such as { ${names[0]!}: … }, got ${describe(options)}`);
  for (const name of Object.keys(options))
    if (!names.includes(name))
      throw new TypeError(`${operation}: there is no option ${JSON.stringify(name)}; it takes ${names.join(", ")}`);
}
