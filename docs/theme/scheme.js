// @ts-check
// Set light or dark before the browser paints the page: the reader's choice, or the system's.
(() => {
  const button = document.querySelector(".scheme");
  const { body } = document;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const ofSystem = () => (system.matches ? "slate" : "default");
  const show = () => {
    const scheme = __md_get("scheme") ?? ofSystem();
    body.dataset.mdColorScheme = scheme;
    button?.setAttribute("aria-pressed", `${scheme === "slate"}`);
  };
  const change = () => {
    body.dataset.switching = "";
    show();
    requestAnimationFrame(() => setTimeout(() => delete body.dataset.switching));
  };
  button?.addEventListener("click", () => {
    const other = body.dataset.mdColorScheme === "slate" ? "default" : "slate";
    // Store only a choice that differs from the system's, so that the page follows the system again.
    __md_set("scheme", other === ofSystem() ? null : other);
    change();
  });
  system.addEventListener("change", change);
  show();
})();
