/** Signs on buttons, as paths: the media characters are missing from many fonts. */
import { Markup } from "./markup.ts";

const paths = {
  first: "M3 3h2.2v10H3zM13 3v10L6 8z",
  previous: "M12 3v10L4 8z",
  next: "M4 3v10l8-5z",
  play: "M4 2.5v11l9-5.5z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  last: "M10.8 3H13v10h-2.2zM3 3v10l7-5z",
  larger: "M7 3h2v4h4v2H9v4H7V9H3V7h4z",
  smaller: "M3 7h10v2H3z",
  fit: "M2 2h4.5v1.8H3.8v2.7H2zM9.5 2H14v4.5h-1.8V3.8H9.5zM2 9.5h1.8v2.7h2.7V14H2zM12.2 9.5H14V14H9.5v-1.8h2.7z",
  search: "M6.8 1.8a5 5 0 1 0 3 9l3.3 3.3 1.3-1.3-3.4-3.3a5 5 0 0 0-4.2-7.7zm0 1.8a3.2 3.2 0 1 1 0 6.4 3.2 3.2 0 0 1 0-6.4z",
  theme: "M8 1.5a6.5 6.5 0 1 0 0 13zM8 1.5a6.5 6.5 0 0 1 0 13v-1.6a4.9 4.9 0 0 0 0-9.8z",
} as const;

export const icon = (name: keyof typeof paths): Markup =>
  new Markup(
    `<svg class="icon icon-${name}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="${paths[name]}"/></svg>`,
  );
