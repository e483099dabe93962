/** Light, dark, or as the system: the buttons marked `data-act="theme"` turn it over. Runs in the page; uses nothing from outside itself. */
export function themeSwitch(): void {
  const root = document.documentElement;
  const isDark = () => (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const turn = () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try {
      localStorage.setItem("cadena-theme", root.dataset.theme);
    } catch {
      // A file opened from a disk may have no storage; the switch works without.
    }
  };
  try {
    const kept = localStorage.getItem("cadena-theme");
    if (kept === "light" || kept === "dark") root.dataset.theme = kept;
  } catch {
    // As above.
  }
  document.addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest('[data-act="theme"]')) turn();
  });
}
