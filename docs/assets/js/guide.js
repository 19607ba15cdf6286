// The interactive parts, each fetched by the pages that have one. Material's document$ tells of
// every page, also of those that its instant navigation puts in place of another.
const parts = ["layer-explorer", "what-installs", "pattern-chooser"];
// What may be wider than its place.
const scrollers = ".annotated .code, .scroll, .md-typeset__scrollwrap";

document$.subscribe(() => {
  for (const name of parts) {
    if (document.querySelector(name)) import(`./${name}.js`);
  }
  // Material wraps each copy button in a landmark without a name.
  for (const nav of document.querySelectorAll(".md-code__nav")) nav.role = "presentation";
  letScroll();
});

// Whoever has no mouse reaches what scrolls with Tab.
function letScroll() {
  const wide = [...document.querySelectorAll(scrollers)].map((each) => [
    each,
    each.scrollWidth > each.clientWidth,
  ]);
  for (const [each, scrolls] of wide) {
    if (scrolls) each.tabIndex = 0;
    else each.removeAttribute("tabindex");
  }
}
document.fonts.ready.then(letScroll);
addEventListener("resize", letScroll);
addEventListener("toggle", letScroll, true);

// On paper nothing can be opened. CSS alone cannot do it.
addEventListener("beforeprint", () => {
  for (const each of document.querySelectorAll("article details:not([open])")) {
    each.open = true;
    addEventListener("afterprint", () => (each.open = false), { once: true });
  }
});

// Material's button copies a file without the line end at its end, unless it has the text itself.
addEventListener(
  "click",
  ({ target }) => {
    const button = target.closest?.(".highlight:has(> .filename) [data-md-type=copy]");
    const file = button?.closest(".highlight").querySelector("pre");
    if (file) button.dataset.clipboardText = file.dataset.copy ?? file.querySelector("code").textContent;
  },
  true,
);
