/** What `cadena example` says, in English and Spanish, at most 80 columns wide. */
import { wrapped } from "../check/wrapped.ts";
import { entriesOf, type NdArray } from "../array/ndarray.ts";
import type { Comparison, ExampleRun } from "./example-run.ts";
import type { Language } from "../graph/language.ts";
import { numpyText } from "./numpy-text.ts";

export interface Files {
  readonly dot: string;
  readonly svg: string;
}

interface Words {
  readonly results: string;
  readonly predictions: string;
  readonly labels: string;
  readonly stopped: (epochs: number) => string;
  readonly accuracy: (right: number, rows: number) => string;
  readonly lastForward: (first: string) => string;
  readonly table: (rows: number) => string;
  readonly autodiff: string;
  readonly byHand: string;
  readonly ratio: string;
  readonly largest: string;
  readonly missing: (n: string, rows: number, rate: number, acts: string) => string;
  readonly agree: string;
  readonly disagree: (names: string) => string;
  readonly kinks: (count: number, convention: string) => string;
  readonly files: (files: Files) => string;
}

const words: Record<Language, Words> = {
  en: {
    results: "Final results:",
    predictions: "Predictions:",
    labels: "True labels:",
    stopped: (epochs) => `Stopped after ${epochs} epochs.`,
    accuracy: (right, rows) => `${right} of ${rows} on the right side of 0.5.`,
    lastForward: (first) => `With the weights after the last step. The document's program prints a2 of before that step, whose first entry is ${first}.`, // prettier-ignore
    table: (rows) => `Gradients at the start, of the mean of ½(y - a2)² over ${rows} rows:`,
    autodiff: "autodiff",
    byHand: "by hand, as the document",
    ratio: "ratio",
    largest: "largest",
    missing: (n, rows, rate, acts) =>
      `The document's gradient is ${n} × the gradient of the printed loss in every parameter: the 1/N of the mean is missing, for N = ${rows} rows (its dL_da2 = a2 - y is that of the sum). Its learning rate of ${rate} acts on the printed loss as ${acts}.`,
    agree: "The document's gradient is that of the printed loss.",
    disagree: (names) => `The document's gradient is no multiple of the gradient of the printed loss in ${names}.`,
    kinks: (count, convention) =>
      `At the start ${count} ${count === 1 ? "entry" : "entries"} of z1 ${count === 1 ? "is" : "are"} exactly 0, where relu has a kink; both take ${convention}.`,
    files: ({ dot, svg }) => `The graph of the first epoch is in\n  ${dot}\n  ${svg}`,
  },
  es: {
    results: "Resultados finales:",
    predictions: "Predicciones:",
    labels: "Etiquetas reales:",
    stopped: (epochs) => `Interrumpido después de ${epochs} épocas.`,
    accuracy: (right, rows) => `${right} de ${rows} en el lado correcto de 0.5.`,
    lastForward: (first) => `Con los pesos posteriores al último paso. El programa del documento imprime la a2 anterior a ese paso, cuya primera entrada es ${first}.`, // prettier-ignore
    table: (rows) => `Gradientes al inicio, de la media de ½(y - a2)² sobre ${rows} filas:`,
    autodiff: "autodiff",
    byHand: "a mano, como el documento",
    ratio: "razón",
    largest: "máximo",
    missing: (n, rows, rate, acts) =>
      `El gradiente del documento es ${n} × el gradiente de la pérdida impresa en cada parámetro: falta el 1/N de la media, con N = ${rows} filas (su dL_da2 = a2 - y es el de la suma). Su tasa de aprendizaje de ${rate} actúa sobre la pérdida impresa como ${acts}.`,
    agree: "El gradiente del documento es el de la pérdida impresa.",
    disagree: (names) => `El gradiente del documento no es un múltiplo del gradiente de la pérdida impresa en ${names}.`,
    kinks: (count, convention) =>
      `Al inicio ${count} ${count === 1 ? "entrada" : "entradas"} de z1 ${count === 1 ? "vale" : "valen"} exactamente 0, donde relu tiene un punto anguloso; ambos toman ${convention}.`,
    files: ({ dot, svg }) => `El grafo de la primera época está en\n  ${dot}\n  ${svg}`,
  },
};

const columns = 80;
/** More rows than this are shown by the first and last of them. */
const manyRows = 10;

/** `Epoch 0, Loss: 0.0506`, as the document's program prints it, in whatever language. */
const epochLine = (epoch: number, loss: number): string => `Epoch ${epoch}, Loss: ${loss.toFixed(4)}`;

/** Every thousandth epoch. */
export const printedEpochs = (losses: readonly number[]): { epoch: number; loss: number }[] =>
  losses.flatMap((loss, epoch) => (epoch % 1000 === 0 ? [{ epoch, loss }] : []));

/** Everything, from the losses to the files. */
export function exampleText(run: ExampleRun, files: Files, language: Language): string {
  const word = words[language];
  const epochs = printedEpochs(run.losses).map(({ epoch, loss }) => epochLine(epoch, loss));
  const stopped = run.ended === "aborted" ? [word.stopped(run.losses.length)] : [];
  return [
    ...epochs,
    ...stopped,
    "",
    word.results,
    ...resultLines(run, word),
    "",
    word.table(run.rows),
    "",
    ...tableLines(run.comparisons, word),
    "",
    ...wrapped(verdict(run, word), columns),
    ...(run.kinks ? wrapped(word.kinks(run.kinks.count, run.kinks.convention), columns) : []),
    "",
    word.files(files),
    "",
  ].join("\n");
}

function resultLines({ predictions, lastForward, labels, rows }: ExampleRun, word: Words): string[] {
  const right = entriesOf(predictions).filter((p, i) => p > 0.5 === entriesOf(labels)[i]! > 0.5).length;
  return [
    word.predictions,
    numpyText(predictions, { rows: manyRows }),
    word.labels,
    numpyText(labels, { rows: manyRows, integers: true }),
    ...(rows > manyRows ? [word.accuracy(right, rows)] : []),
    ...wrapped(`(${word.lastForward(numpyText(entriesOf(lastForward)[0]!))})`, columns),
  ];
}

/** The document's gradient beside the engine's, and what their ratio means. */
function verdict({ comparisons, rows, learningRate }: ExampleRun, word: Words): string {
  const strange = comparisons.filter(({ ratio }) => ratio === null);
  if (strange.length > 0) return word.disagree(strange.map(({ name }) => name).join(", "));
  const ratio = comparisons[0]!.ratio!;
  const isOne = comparisons.every((other) => Math.abs(other.ratio! - ratio) < 1e-9 * ratio);
  if (isOne && Math.abs(ratio - rows) < 1e-9 * rows) return word.missing(short(ratio), rows, learningRate, short(ratio * learningRate));
  return isOne && Math.abs(ratio - 1) < 1e-9 ? word.agree : word.disagree(comparisons.map(({ name }) => name).join(", "));
}

const short = (x: number): string => String(Number(x.toPrecision(6)));

const widths = [5, 32, 32] as const;

function tableLines(comparisons: readonly Comparison[], word: Words): string[] {
  const head = row("", word.autodiff, word.byHand, word.ratio);
  return [head, ...comparisons.flatMap((comparison) => comparisonLines(comparison, word))];
}

function comparisonLines({ name, autodiff, byHand, ratio }: Comparison, word: Words): string[] {
  const [left, right] = [cellLines(autodiff, word), cellLines(byHand, word)];
  return left.map((line, i) => row(i === 0 ? name : "", line, right[i] ?? "", i === 0 ? (ratio === null ? "-" : short(ratio)) : ""));
}

/** The matrix where it fits, else its shape and largest entry. */
function cellLines(x: NdArray, word: Words): string[] {
  const lines = numpyText(x, { precision: 4, suppress: true }).split("\n");
  const fits = lines.length <= 4 && lines.every(({ length }) => length < widths[1]);
  if (fits) return lines;
  const largest = entriesOf(x).reduce((size, entry) => Math.max(size, Math.abs(entry)), 0);
  return [`(${x.shape.join(", ")})  ${word.largest} ${largest.toPrecision(4)}`];
}

const row = (...cells: readonly string[]): string => cells.map((cell, k) => cell.padEnd(widths[k] ?? 0)).join("").trimEnd(); // prettier-ignore
