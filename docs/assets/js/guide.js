// The interactive parts, each fetched by the pages that have one. Material's document$ tells of
// every page, also of those that its instant navigation puts in place of another.
const parts = ["layer-explorer", "what-installs", "pattern-chooser"];

document$.subscribe(() => {
  for (const name of parts) {
    if (document.querySelector(name)) import(`./${name}.js`);
  }
});

// On paper nothing can be opened. CSS alone cannot do it.
addEventListener("beforeprint", () => {
  for (const each of document.querySelectorAll("article details:not([open])")) {
    each.open = true;
    addEventListener("afterprint", () => (each.open = false), { once: true });
  }
});
