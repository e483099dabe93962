/** Text that comes from people, made fit to be shown: as typed, but on one line, without control or direction-changing characters. */

/* eslint-disable no-control-regex -- control characters are what is looked for */
/**
 * Control characters become their pictures (␊ for a line feed), invisible and direction-changing ones and torn surrogates �.
 *
 * @param longest number of letters; what is longer is cut, with an ellipsis.
 */
export function plainText(text: string, longest = 60): string {
  const shown = text
    .replace(/[\u0000-\u001f]/g, (c) => String.fromCodePoint(0x2400 + c.codePointAt(0)!))
    .replace(/\u007f/g, "␡")
    .replace(/[\u0080-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\ufffe\uffff]/g, "\ufffd")
    .replace(/\p{Surrogate}/gu, "\ufffd");
  const letters = Array.from(shown);
  return letters.length <= longest ? shown : `${letters.slice(0, longest - 1).join("")}…`;
}
/* eslint-enable no-control-regex */
