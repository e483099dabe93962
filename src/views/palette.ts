/** The colours of gradients: blue values go right, orange gradients come back. Text has a contrast of 4.6:1 and more on its fill. */
export type Theme = "light" | "dark";

/** What a hand-derived gradient was found to be. */
export type Verdict = "right" | "wrong" | "inherited" | "kink" | "vacuous";

export interface Palette {
  readonly paper: string;
  readonly panel: string;
  readonly ink: string;
  readonly secondText: string;
  readonly line: string;
  readonly hairline: string;
  readonly value: string;
  readonly valueFill: string;
  readonly gradient: string;
  readonly gradientEdge: string;
  readonly gradientFill: string;
  readonly constantFill: string;
  readonly scopeBorder: string;
  /** Fills by |gradient|: exactly 0, then up to each of `rampLimits` of the largest. */
  readonly ramp: readonly string[];
  readonly verdicts: { readonly [V in Verdict]: { readonly fill: string; readonly border: string; readonly text: string } };
}

/** Where one colour of the ramp ends and the next begins, as shares of the largest |gradient|. */
export const rampLimits: readonly number[] = [0.001, 0.01, 0.1, 0.3, 1];

const light: Palette = {
  paper: "#FFFFFF",
  panel: "#F6F7F9",
  ink: "#1D2433",
  secondText: "#5C6678",
  line: "#8A94A6",
  hairline: "#D5DAE2",
  value: "#1F5FA8",
  valueFill: "#E6F0FA",
  gradient: "#A84A00",
  gradientEdge: "#CF7328",
  gradientFill: "#FDEBD8",
  constantFill: "#F1F3F6",
  scopeBorder: "#C3CAD5",
  ramp: ["#FFFFFF", "#FFF5E8", "#FEE5C6", "#FBCD98", "#F5AF68", "#E88F3E"],
  verdicts: {
    right: { fill: "#E3F3F0", border: "#0B6E63", text: "#1D2433" },
    wrong: { fill: "#A61B29", border: "#6E0F19", text: "#FFFFFF" },
    inherited: { fill: "#FFF4D6", border: "#8A5A00", text: "#1D2433" },
    kink: { fill: "#EFE8FB", border: "#6B3FB8", text: "#1D2433" },
    vacuous: { fill: "#FFFFFF", border: "#8A94A6", text: "#1D2433" },
  },
};

const dark: Palette = {
  paper: "#14171F",
  panel: "#1B202B",
  ink: "#E7EAF0",
  secondText: "#A3ADBD",
  line: "#77829A",
  hairline: "#343C4C",
  value: "#7DB6F2",
  valueFill: "#1B2F47",
  gradient: "#F5A25A",
  gradientEdge: "#C9772F",
  gradientFill: "#3C2917",
  constantFill: "#232936",
  scopeBorder: "#465064",
  ramp: ["#14171F", "#262019", "#3D2C1A", "#58391A", "#76481A", "#94581B"],
  verdicts: {
    right: { fill: "#12322F", border: "#5CC7B6", text: "#E7EAF0" },
    wrong: { fill: "#F0727C", border: "#FFC2C7", text: "#14171F" },
    inherited: { fill: "#37301A", border: "#E3BB55", text: "#E7EAF0" },
    kink: { fill: "#2C2344", border: "#B79AF0", text: "#E7EAF0" },
    vacuous: { fill: "#14171F", border: "#77829A", text: "#E7EAF0" },
  },
};

export const palettes: { readonly [T in Theme]: Palette } = { light, dark };
