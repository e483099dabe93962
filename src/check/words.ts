/** What the report says, in English and in Spanish: one sentence for every mistake, verdict and convention. */
import type { Language } from "../graph/language.ts";
import type { Facts, MistakeName } from "./catalogue.ts";
import type { Convention, Verdict } from "./judgement.ts";
import { shortNumber } from "./place.ts";

type Sentence = (facts: Required<Facts>) => string;

export interface Words {
  readonly verdicts: { readonly [V in Verdict]: string };
  readonly mistakes: { readonly [M in MistakeName]: Sentence };
  readonly conventions: { readonly [C in Exclude<Convention["name"], "none">]: (n: number) => string };
  readonly ratio: (ratio: string, entries: number) => string;
  readonly besides: (factor: string) => string;
  readonly orElse: string;
  readonly between: (from: string, to: string) => string;
  readonly worst: (index: string, mine: string, expected: string) => string;
  readonly inherited: (from: string) => string;
  readonly cancelled: (from: string) => string;
  readonly kink: (where: string, entries: string, convention: string) => string;
  readonly atKink: (where: string, entries: string, convention: string) => string;
  readonly kinkVerdict: string;
  readonly vacuous: string;
  readonly vacuousAll: (count: number) => string;
  readonly rounded: string;
  readonly flat: (mine: string, wanted: string) => string;
  readonly transposed: string;
  readonly blind: (mistake: string) => string;
  readonly better: (point: string) => string;
  readonly factor: (ratio: string, reason: string) => string;
  readonly missingMean: (n: number) => string;
  readonly signConvention: string;
  readonly allRight: (count: number) => string;
  readonly firstWrong: (key: string, steps: string) => string;
  readonly othersWrong: (keys: string) => string;
  /** Of `causes` wrong steps. */
  readonly andInherited: (count: number, causes: number) => string;
  readonly entriesOf: (count: number, size: number) => string;
}

const plural = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;

const english: Words = {
  verdicts: {
    right: "right",
    "wrong here": "wrong here",
    inherited: "inherited",
    "right by cancellation": "right by cancellation",
    kink: "kink",
    vacuous: "vacuous",
  },
  mistakes: {
    sign: ({ place }) => `the sign of the derivative of ${place} is missing`,
    "constant missing": ({ place, what }) => `the factor ${what} of ${place} is missing`,
    "constant doubled": ({ place, what }) => `the factor ${what} of ${place} is there twice`,
    "constant inverted": ({ place, what }) => `divided by the factor ${what} of ${place} instead of multiplied`,
    "derivative missing": ({ place }) => `the derivative of ${place} is missing`,
    "factor missing": ({ place, what }) => `the factor ${what} is missing, which ${place} brings`,
    "own factor": ({ place, what }) => `${place} was differentiated to the wrong factor: ${what} belongs here`,
    "derivative at output": ({ what, place, other }) => `${what}′ is applied to ${other} = ${place} instead of to its input`,
    "input for output": ({ place, what, other }) => `the derivative of ${place}, written in its output, got ${what} instead of ${other}`,
    "function for derivative": ({ place }) => `${place} itself stands where its derivative belongs`,
    "wrong derivative": ({ place, other }) => `the derivative of ${other} is used where that of ${place} belongs`,
    "part of derivative": ({ place, what }) => `the derivative of ${place} is taken as ${what}`,
    "derivative twice": ({ place }) => `the derivative of ${place} is there twice`,
    "derivative inverted": ({ place }) => `divided by the derivative of ${place} instead of multiplied`,
    "mask inverted": ({ place }) => `the mask of ${place} is inverted`,
    "power rule": ({ place, what }) => (what === "2" ? `the 2 that the square ${place} brings down is missing` : `the power rule on ${place} went wrong: ${what}`), // prettier-ignore
    "not summed": ({ place, count }) => `not summed over the ${count} rows to which ${place} is repeated`,
    "summed too much": ({ place }) => `summed over all axes, not only over those along which ${place} is repeated`,
    "mean for sum": ({ count }) => `the mean over the ${count} examples stands where their sum belongs`,
    "sum doubled": ({ count }) => `multiplied by ${count}: the sum over the batch is there twice`,
    "last only": ({ count }) => `only the last of ${count} rows counts: overwritten instead of accumulated`,
    "first only": ({ count }) => `only the first of ${count} rows counts`,
    "upstream dropped": ({ what }) => `the upstream gradient, that of ${what}, is missing`,
    "not transposed": ({ what }) => `${what} is not transposed`,
    transposed: ({ place }) => `transposed: this is the gradient of ${place}ᵀ`,
    "upstream transposed": ({ what }) => `the gradient of ${what} and its transpose are mixed up`,
    "softmax axis": ({ place }) => `${place} is taken along the wrong axis`,
    "softmax sum axis": ({ place }) => `the sum in the derivative of ${place} runs along the wrong axis`,
    "softmax diagonal": ({ place }) => `only the diagonal of the derivative of ${place}: the terms off it are missing`,
    "softmax share missing": ({ place }) => `the derivative of ${place} is missing, each entry depends on all`,
    "path missing": ({ place, what }) => `one of the ways is forgotten: ${place} acts through ${what} too`,
    "path only": ({ place, what, other }) => `only the ${other ? `${other} ` : ""}use of ${place} counts, ${what}: overwritten instead of accumulated`, // prettier-ignore
    "paths cut": ({ place, count }) => `only the last ${count} uses of ${place} count`,
    "path factor": ({ what, ratio }) => `what comes through ${what} counts ${shortNumber(ratio)} times`,
    "treated as constant": ({ what, other }) => `${what}${other ? ` and ${other} are` : " is"} treated as constant`,
    "stretch missing": ({ what, place }) => `this is the gradient of ${what}, handed to ${place} as it is`,
    "another value": ({ place, what, other }) => `${what} is used where ${other} belongs, at ${place}`,
    "another gradient": ({ what, other }) => `the gradient of ${what} is used where that of ${other} belongs`,
    "updated before use": ({ what, ratio }) => `${what} was updated before it was used here (learning rate ${shortNumber(ratio)})`,
    "gradient of another": ({ other }) => `this is the gradient of ${other}`,
    "another loss": ({ other, ratio }) => `this is the derivative of another loss, ${Math.abs(ratio - 1) < 1e-6 ? "" : `${shortNumber(ratio)} · `}${other}`, // prettier-ignore
    "wrong reduction": ({ count }) => `the 1/${count} of the mean is missing`,
    "other count": ({ count, what }) => `divided by ${what} where the mean is over ${count} entries`,
    ratio: ({ ratio }) => (ratio === -1 ? "the sign is wrong" : `off by a constant factor of ${shortNumber(ratio)}`),
    "some entries": ({ count, ratio }) => `${plural(count, "entry is", "entries are")} wrong${ratio === -1 ? ", in the sign" : ""}, the others right`, // prettier-ignore
    zero: () => "all entries are 0",
    "extra factor": ({ what }) => `multiplied by ${what} once too often`,
    "target missing": ({ what }) => `${what} is not subtracted`,
    "wrong axis": ({ place }) => `summed over the wrong axis: ${place} is repeated along another`,
    "not a number": ({ what, count }) => (what === "expected" ? "the gradient itself is not finite here" : `${plural(count, "entry is", "entries are")} not finite`), // prettier-ignore
    "wrong shape": ({ what, other }) => `its shape is ${what}, that of the value ${other}`,
    unnamed: () => "no known mistake leads to these numbers",
  },
  conventions: {
    "1/N at the parameters": (n) =>
      `Your inner gradients are those of ${n}·L; the 1/${n} comes where the parameters' are formed. That is consistent: a convention, not a mistake.`,
    "negated deltas": () => "Your inner gradients are kept negated until the parameters' are formed. That is consistent: a convention, not a mistake.", // prettier-ignore
    "negated deltas, 1/N at the parameters": (n) =>
      `Your inner gradients are those of −${n}·L; sign and 1/${n} come where the parameters' are formed. That is consistent: a convention, not a mistake.`,
  },
  ratio: (ratio, entries) => `${ratio} × the gradient${entries > 1 ? ` in all ${entries} entries` : ""}`,
  besides: (factor) => `, and a factor of ${factor}`,
  orElse: "or: ",
  between: (from, to) => `the error lies between ${from} and ${to}`,
  worst: (index, mine, expected) => `${index}yours ${mine}, expected ${expected}`,
  inherited: (from) => `this step is right; ${from} was not`,
  cancelled: (from) => `right, although ${from} is not: not computed from it, or two mistakes cancel`,
  kink: (where, entries, convention) => `${where} is on a kink in ${entries}; here ${convention}`,
  atKink: (where, entries, convention) => `Kink: ${where} is exactly on one in ${entries}. Convention: ${convention}; any slope between is accepted.`, // prettier-ignore
  kinkVerdict: "another slope at the kink, between those of both sides: accepted",
  vacuous: "all 0 here: any formula would pass",
  vacuousAll: (count) => `All ${count} gradients are below 1e-12 here: any formula would pass. Compare at another point.`,
  rounded: "to the digits you wrote",
  flat: (mine, wanted) => `given with shape ${mine}, the value has ${wanted}`,
  transposed: "All matrices are laid out transposed. That is consistent: a convention, not a mistake.",
  blind: (mistake) => `This point could not tell: ${mistake}, and nothing would change.`,
  better: (point) => `A better point: ${point}.`,
  factor: (ratio, reason) => `Every gradient you gave is ${ratio} × the gradient of this loss${reason}.`,
  missingMean: (n) => `: the 1/${n} of the mean is missing. They are right up to the factor N = ${n}, those of the sum`,
  signConvention: ". If you add them to the parameters instead of subtracting, that is a convention",
  allRight: (count) => `${plural(count, "gradient", "gradients")} compared: all right.`,
  firstWrong: (key, steps) => `First wrong step: ${key}${steps}.`,
  othersWrong: (keys) => `; wrong here too: ${keys}`,
  andInherited: (count, causes) => `; ${plural(count, "other is", "others are")} wrong only because of ${causes === 1 ? "it" : "these"}, ${count === 1 ? "its own step is" : "their own steps are"} right`, // prettier-ignore
  entriesOf: (count, size) => (size === 1 ? "its entry" : `${count} of ${size} entries`),
};

const spanish: Words = {
  verdicts: {
    right: "correcto",
    "wrong here": "error aquí",
    inherited: "heredado",
    "right by cancellation": "correcto por compensación",
    kink: "punto anguloso",
    vacuous: "no dice nada",
  },
  mistakes: {
    sign: ({ place }) => `falta el signo de la derivada de ${place}`,
    "constant missing": ({ place, what }) => `falta el factor ${what} de ${place}`,
    "constant doubled": ({ place, what }) => `el factor ${what} de ${place} está dos veces`,
    "constant inverted": ({ place, what }) => `se divide por el factor ${what} de ${place} en vez de multiplicar`,
    "derivative missing": ({ place }) => `falta la derivada de ${place}`,
    "factor missing": ({ place, what }) => `falta el factor ${what}, que aporta ${place}`,
    "own factor": ({ place, what }) => `${place} se derivó respecto del factor equivocado: aquí va ${what}`,
    "derivative at output": ({ what, place, other }) => `${what}′ se aplica a ${other} = ${place} en vez de a su entrada`,
    "input for output": ({ place, what, other }) => `la derivada de ${place}, escrita con su salida, recibió ${what} en vez de ${other}`,
    "function for derivative": ({ place }) => `está ${place} donde va su derivada`,
    "wrong derivative": ({ place, other }) => `se usa la derivada de ${other} donde va la de ${place}`,
    "part of derivative": ({ place, what }) => `la derivada de ${place} se tomó como ${what}`,
    "derivative twice": ({ place }) => `la derivada de ${place} está dos veces`,
    "derivative inverted": ({ place }) => `se divide por la derivada de ${place} en vez de multiplicar`,
    "mask inverted": ({ place }) => `la máscara de ${place} está invertida`,
    "power rule": ({ place, what }) => (what === "2" ? `falta el 2 que baja del cuadrado ${place}` : `la regla de la potencia falla en ${place}: ${what}`), // prettier-ignore
    "not summed": ({ place, count }) => `no se sumó sobre las ${count} filas en que se repite ${place}`,
    "summed too much": ({ place }) => `se sumó sobre todos los ejes, no solo donde se repite ${place}`,
    "mean for sum": ({ count }) => `está la media de los ${count} ejemplos donde va su suma`,
    "sum doubled": ({ count }) => `multiplicado por ${count}: la suma sobre el lote está dos veces`,
    "last only": ({ count }) => `solo cuenta la última de ${count} filas: se sobrescribe en vez de acumular`,
    "first only": ({ count }) => `solo cuenta la primera de ${count} filas`,
    "upstream dropped": ({ what }) => `falta el gradiente que llega, el de ${what}`,
    "not transposed": ({ what }) => `${what} no está transpuesta`,
    transposed: ({ place }) => `transpuesto: es el gradiente de ${place}ᵀ`,
    "upstream transposed": ({ what }) => `se confunde el gradiente de ${what} con su transpuesto`,
    "softmax axis": ({ place }) => `${place} se toma a lo largo del eje equivocado`,
    "softmax sum axis": ({ place }) => `la suma en la derivada de ${place} recorre el eje equivocado`,
    "softmax diagonal": ({ place }) => `solo la diagonal de la derivada de ${place}: faltan los términos fuera de ella`,
    "softmax share missing": ({ place }) => `falta la derivada de ${place}, donde cada entrada depende de todas`,
    "path missing": ({ place, what }) => `se olvidó uno de los caminos: ${place} actúa también por ${what}`,
    "path only": ({ place, what, other }) => `solo cuenta ${other === "last" ? "el último uso" : other === "first" ? "el primer uso" : "un uso"} de ${place}, ${what}: se sobrescribe en vez de acumular`, // prettier-ignore
    "paths cut": ({ place, count }) => `solo cuentan los últimos ${count} usos de ${place}`,
    "path factor": ({ what, ratio }) => `lo que llega por ${what} cuenta ${shortNumber(ratio)} veces`,
    "treated as constant": ({ what, other }) => `${what}${other ? ` y ${other} se tratan como constantes` : " se trata como constante"}`,
    "stretch missing": ({ what, place }) => `es el gradiente de ${what}, pasado a ${place} tal cual`,
    "another value": ({ place, what, other }) => `se usa ${what} donde va ${other}, en ${place}`,
    "another gradient": ({ what, other }) => `se usa el gradiente de ${what} donde va el de ${other}`,
    "updated before use": ({ what, ratio }) => `${what} se actualizó antes de usarse aquí (tasa de aprendizaje ${shortNumber(ratio)})`,
    "gradient of another": ({ other }) => `es el gradiente de ${other}`,
    "another loss": ({ other, ratio }) => `es la derivada de otra pérdida, ${Math.abs(ratio - 1) < 1e-6 ? "" : `${shortNumber(ratio)} · `}${other}`, // prettier-ignore
    "wrong reduction": ({ count }) => `falta el 1/${count} de la media`,
    "other count": ({ count, what }) => `dividido por ${what} donde la media es de ${count} entradas`,
    ratio: ({ ratio }) => (ratio === -1 ? "el signo está mal" : `difiere en un factor constante de ${shortNumber(ratio)}`),
    "some entries": ({ count, ratio }) => `${plural(count, "entrada está", "entradas están")} mal${ratio === -1 ? ", en el signo" : ""}, las demás bien`, // prettier-ignore
    zero: () => "todas las entradas son 0",
    "extra factor": ({ what }) => `multiplicado por ${what} una vez de más`,
    "target missing": ({ what }) => `no se resta ${what}`,
    "wrong axis": ({ place }) => `sumado sobre el eje equivocado: ${place} se repite a lo largo de otro`,
    "not a number": ({ what, count }) => (what === "expected" ? "el gradiente mismo no es finito aquí" : plural(count, "entrada no es finita", "entradas no son finitas")), // prettier-ignore
    "wrong shape": ({ what, other }) => `su forma es ${what}, la del valor ${other}`,
    unnamed: () => "ningún error conocido lleva a estos números",
  },
  conventions: {
    "1/N at the parameters": (n) =>
      `Tus gradientes internos son los de ${n}·L; el 1/${n} llega al formar los de los parámetros. Es coherente: una convención, no un error.`,
    "negated deltas": () => "Tus gradientes internos llevan el signo cambiado hasta formar los de los parámetros. Es coherente: una convención, no un error.", // prettier-ignore
    "negated deltas, 1/N at the parameters": (n) =>
      `Tus gradientes internos son los de −${n}·L; el signo y el 1/${n} llegan con los parámetros. Es coherente: una convención, no un error.`,
  },
  ratio: (ratio, entries) => `${ratio} × el gradiente${entries > 1 ? ` en las ${entries} entradas` : ""}`,
  besides: (factor) => `, y un factor de ${factor}`,
  orElse: "o bien: ",
  between: (from, to) => `el error está entre ${from} y ${to}`,
  worst: (index, mine, expected) => `${index}el tuyo ${mine}, se espera ${expected}`,
  inherited: (from) => `este paso es correcto; ${from} no lo era`,
  cancelled: (from) => `correcto, aunque ${from} no lo es: no se calculó de él, o dos errores se compensan`,
  kink: (where, entries, convention) => `${where} está en un punto anguloso en ${entries}; aquí ${convention}`,
  atKink: (where, entries, convention) => `Punto anguloso: ${where} cae justo en uno en ${entries}. Convención: ${convention}; se acepta cualquier pendiente intermedia.`, // prettier-ignore
  kinkVerdict: "otra pendiente en el punto anguloso, entre las de ambos lados: se acepta",
  vacuous: "todo 0 aquí: cualquier fórmula pasaría",
  vacuousAll: (count) => `Los ${count} gradientes son menores que 1e-12 aquí: cualquier fórmula pasaría. Compara en otro punto.`,
  rounded: "con las cifras que escribiste",
  flat: (mine, wanted) => `dado con forma ${mine}, el valor tiene ${wanted}`,
  transposed: "Todas las matrices están transpuestas. Es coherente: una convención, no un error.",
  blind: (mistake) => `Este punto no lo distingue: ${mistake}, y nada cambiaría.`,
  better: (point) => `Un punto mejor: ${point}.`,
  factor: (ratio, reason) => `Cada gradiente que diste es ${ratio} × el gradiente de esta pérdida${reason}.`,
  missingMean: (n) => `: falta el 1/${n} de la media. Salvo el factor N = ${n} son correctos: son los de la suma`,
  signConvention: ". Si los sumas a los parámetros en vez de restarlos, es una convención",
  allRight: (count) => `${plural(count, "gradiente comparado: correcto", "gradientes comparados: todos correctos")}.`,
  firstWrong: (key, steps) => `Primer paso equivocado: ${key}${steps}.`,
  othersWrong: (keys) => `; también con error propio: ${keys}`,
  andInherited: (count, causes) => `; ${count === 1 ? "otro está" : `otros ${count} están`} mal solo por ${causes === 1 ? "él, " : "ellos, "}${count === 1 ? "su propio paso es correcto" : "sus propios pasos son correctos"}`, // prettier-ignore
  entriesOf: (count, size) => (size === 1 ? "su entrada" : `${count} de ${size} entradas`),
};

export const wordsIn: { readonly [L in Language]: Words } = { en: english, es: spanish };

/** The sentence for a mistake. */
export function mistakeSentence(words: Words, name: MistakeName, facts: Facts): string {
  return words.mistakes[name]({ place: "", what: "", other: "", ratio: 1, count: 0, ...facts });
}
