// Light or dark, known before anything is painted: what the reader has chosen, or else the system.
(() => {
  const button = document.querySelector(".scheme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const ofSystem = () => (system.matches ? "slate" : "default");
  const show = () => {
    const scheme = __md_get("scheme") ?? ofSystem();
    document.body.dataset.mdColorScheme = scheme;
    button.setAttribute("aria-pressed", scheme === "slate");
  };
  button.addEventListener("click", () => {
    const other = document.body.dataset.mdColorScheme === "slate" ? "default" : "slate";
    // Whoever wants what the system wants goes on following it.
    __md_set("scheme", other === ofSystem() ? null : other);
    show();
  });
  system.addEventListener("change", show);
  show();
})();
