/** What is wrong with a formula, in English and Spanish. */
import type { Language } from "../graph/language.ts";

const quoted = (text: string): string => JSON.stringify(text);

const en = {
  formula: (of: string) => (of === "" ? "formula" : `formula of ${quoted(of)}`),
  place: (line: number | undefined, column: number, rest: string) =>
    `at ${line === undefined ? "" : `line ${line}, `}column ${column} (${rest === "" ? "the end" : quoted(rest)})`,
  nothing: "there is nothing to compute",
  nested: (deepest: number) => `brackets and powers are nested more than ${deepest} deep`,
  missing: "something is missing",
  misplaced: (text: string) => `${quoted(text)} cannot stand here`,
  nameMissing: "a name is missing after the dot",
  unnamedArgument: "an argument without a name follows one with a name",
  expected: (sign: string) => `expected ${quoted(sign)}`,
  closesNothing: (sign: string) => `${quoted(sign)} closes nothing`,
  assignable: "only a name can be assigned to",
  operationMissing: (product: string) => `an operation is missing; a product is written ${product}`,
  bracketsMissing: (call: string) => `brackets are missing; a function is written ${call}`,
  foreign: (letter: string) => `${quoted(letter)} is not part of a formula`,
  unknownFunction: (name: string) => `${quoted(name)} is not a function of this library; a product is written ${name}*(…)`,
  unknown: (name: string) => `${quoted(name)} has no value`,
  labels: (list: string) => `; the labels are ${list}`,
  operands: (name: string, least: number, most: number, got: number) =>
    `${name} takes ${least === most ? least : `${least} to ${most}`} ${most === 1 ? "operand" : "operands"}, got ${got}`,
  noOption: (name: string, option: string) => `${name} has no option ${quoted(option)}`,
  noMember: (name: string) => `${quoted(name)} is not known after a dot; there are .T, .shape, .size and the functions`,
  number: "a number or an array is needed here",
  oneNumber: "formula: the last line must be one number, as sum(…) or mean(…) gives",
  noData: (name: string, given: string) => `${name}: ${quoted(given)} is neither a number nor an array such as [[1, 2], [3, 4]]`,
};

export type FormulaWords = typeof en;

const es: FormulaWords = {
  formula: (of) => (of === "" ? "fórmula" : `fórmula de ${quoted(of)}`),
  place: (line, column, rest) =>
    `en la ${line === undefined ? "" : `línea ${line}, `}columna ${column} (${rest === "" ? "el final" : quoted(rest)})`,
  nothing: "no hay nada que calcular",
  nested: (deepest) => `hay más de ${deepest} paréntesis y potencias, unos dentro de otros`,
  missing: "falta algo",
  misplaced: (text) => `${quoted(text)} no puede ir aquí`,
  nameMissing: "falta un nombre después del punto",
  unnamedArgument: "un argumento sin nombre sigue a uno con nombre",
  expected: (sign) => `falta ${quoted(sign)}`,
  closesNothing: (sign) => `${quoted(sign)} no cierra nada`,
  assignable: "solo se puede asignar a un nombre",
  operationMissing: (product) => `falta una operación; un producto se escribe ${product}`,
  bracketsMissing: (call) => `faltan los paréntesis; una función se escribe ${call}`,
  foreign: (letter) => `${quoted(letter)} no forma parte de una fórmula`,
  unknownFunction: (name) => `${quoted(name)} no es una función de esta biblioteca; un producto se escribe ${name}*(…)`,
  unknown: (name) => `${quoted(name)} no tiene valor`,
  labels: (list) => `; las etiquetas son ${list}`,
  operands: (name, least, most, got) =>
    `${name} toma ${most === 1 ? "un operando" : `${least === most ? least : `de ${least} a ${most}`} operandos`}, hay ${got}`,
  noOption: (name, option) => `${name} no tiene la opción ${quoted(option)}`,
  noMember: (name) => `${quoted(name)} no se conoce después de un punto; hay .T, .shape, .size y las funciones`,
  number: "aquí hace falta un número o una matriz",
  oneNumber: "fórmula: la última línea debe ser un solo número, como dan sum(…) o mean(…)",
  noData: (name, given) => `${name}: ${quoted(given)} no es un número ni una matriz como [[1, 2], [3, 4]]`,
};

export const formulaWords: { readonly [L in Language]: FormulaWords } = { en, es };

/** A sentence about a formula, in whichever language is asked for. */
export type Say = (words: FormulaWords) => string;

/** What stops a formula while it is computed; the place in the text is added where it is known. */
export class Refusal extends TypeError {
  readonly say: Say;

  constructor(say: Say) {
    super(say(en));
    this.say = say;
  }
}
