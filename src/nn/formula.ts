/** What modules compute, written as the document writes it, in English or Spanish. */
import { checkLanguage, type Language } from "../graph/language.ts";

export type FormulaPart =
  | { readonly kind: "neuron"; readonly z: string; readonly a: string; readonly f: string; readonly nIn: number }
  | {
      readonly kind: "layer";
      readonly label: string;
      readonly input: string;
      readonly f: string;
      readonly nIn: number;
      readonly nOut: number;
    };

const words = {
  en: { rows: "inputs, one example a row", W: "weights", b: "biases", w: "weights", bias: "bias", z: "weighted sum plus bias", a: "output" },
  es: { rows: "entradas, un ejemplo por fila", W: "pesos", b: "sesgos", w: "pesos", bias: "sesgo", z: "suma ponderada más el sesgo", a: "salida" },
} as const satisfies Record<Language, Record<string, string>>; // prettier-ignore

/** The lines of each part, then what its letters are. */
export function formulaText(language: Language, parts: readonly FormulaPart[]): string {
  checkLanguage("formula", language);
  const letters = parts.flatMap((part) => lettersOf(language, part));
  return [...parts.flatMap(linesOf), "", ...letters].join("\n");
}

function linesOf(part: FormulaPart): string[] {
  const [z, a] = part.kind === "neuron" ? [part.z, part.a] : [`z${part.label}`, `a${part.label}`];
  const sum = part.kind === "neuron" ? `Σ wᵢxᵢ + b` : `${part.input}·W${part.label} + b${part.label}`;
  return [`${z} = ${sum}`, ...(part.f === "linear" ? [] : [`${a} = ${part.f}(${z})`])];
}

function lettersOf(language: Language, part: FormulaPart): string[] {
  const word = words[language];
  const a = (name: string) => (part.f === "linear" ? [] : [`${name}: ${word.a}`]);
  if (part.kind === "neuron")
    return [
      `${part.nIn === 1 ? "w₁" : `w₁ … w${subscript(part.nIn)}`}: ${word.w}`,
      `b: ${word.bias}`,
      `${part.z}: ${word.z}`,
      ...a(part.a),
    ];
  const { label, nIn, nOut } = part;
  return [
    ...(part.input === "X" ? [`X (n, ${nIn}): ${word.rows}`] : []),
    `W${label} (${nIn}, ${nOut}): ${word.W}`,
    `b${label} (1, ${nOut}): ${word.b}`,
    `z${label} (n, ${nOut}): ${word.z}`,
    ...a(`a${label} (n, ${nOut})`),
  ];
}

const subscript = (n: number): string => String(n).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]!);
