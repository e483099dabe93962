/** The program on the page as TypeScript that runs by itself. What a reader typed stands in it as text, never as code. */
import { isTruthTable, points } from "./network-program.ts";
import type { State } from "./state.ts";
import { typedNumber } from "./typed-number.ts";

export function typescriptOf(state: State, given: ReadonlyMap<string, string>): string {
  return state.mode === "formula" ? formulaText(state, given) : networkText(state);
}

/** JSON, with what could end a line of code written out. */
const quoted = (text: string): string => JSON.stringify(text).replace(/[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`);

function formulaText({ formula }: State, given: ReadonlyMap<string, string>): string {
  const bindings = [...given].map(([name, text]) => `  [${quoted(name)}, value(${literalOf(text)}, ${quoted(name)})],`);
  return [
    'import { parseFormula, value } from "cadena";',
    "",
    "const given = new Map([",
    ...bindings,
    "]);",
    `const { result } = parseFormula(${quoted(formula)}).evaluate(given);`,
    "result.backward();",
    "for (const [name, x] of given) console.log(name, x.grad);",
    "",
  ].join("\n");
}

/** A number or an array as it is written in code; what is neither stands as NaN. */
function literalOf(text: string): string {
  const number = typedNumber(text);
  if (number !== undefined) return String(number);
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return "NaN";
  }
}

function networkText({ data, hidden, activation, seed, learningRate }: State): string {
  const activations = [...hidden.map(() => quoted(activation)), '"sigmoid"'].join(", ");
  return [
    'import { datasets, halfSquaredError, MLP, numpyRandom, SGD, train } from "cadena";',
    "",
    `const [X, y] = datasets.${data}(${isTruthTable(data) ? "" : points});`,
    `const model = new MLP([2, ${hidden.join(", ")}, 1], { activations: [${activations}], random: numpyRandom(${seed}) });`,
    `const optimizer = new SGD(model.parameters(), { learningRate: ${learningRate} });`,
    "const { losses } = train({ model, loss: halfSquaredError, data: [X, y], optimizer, epochs: 1000 });",
    "console.log(losses.at(-1));",
    "",
  ].join("\n");
}
