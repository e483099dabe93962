/** Text in SVG. */

/** Courier is what the layout measures; the others have the same pitch, and more letters. */
export const fixedPitch = `font-family="Courier, 'DejaVu Sans Mono', 'Liberation Mono', Menlo, monospace" font-size="10" xml:space="preserve"`;

/** Text that can be nothing but text, in content and in attributes. */
export const escapedXml = (text: string): string =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;").replace(/'/g, "&#39;");
