// Light or dark, known before anything is painted: what the reader has chosen, or else the system.
(() => {
  const button = document.querySelector(".scheme");
  const { body } = document;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const ofSystem = () => (system.matches ? "slate" : "default");
  const show = () => {
    const scheme = __md_get("scheme") ?? ofSystem();
    body.dataset.mdColorScheme = scheme;
    button.setAttribute("aria-pressed", scheme === "slate");
  };
  const change = () => {
    body.dataset.switching = "";
    show();
    requestAnimationFrame(() => setTimeout(() => delete body.dataset.switching));
  };
  button.addEventListener("click", () => {
    const other = body.dataset.mdColorScheme === "slate" ? "default" : "slate";
    // Whoever wants what the system wants goes on following it.
    __md_set("scheme", other === ofSystem() ? null : other);
    change();
  });
  system.addEventListener("change", change);
  show();
})();
