// The interactive parts, each fetched when the page is there: what grows does so below the screen,
// before a reader comes near it.
const parts = "layer-explorer, what-installs, pattern-chooser";
// What may be wider than its place.
const scrollers = ".annotated .code, pre > code, .scroll";

// When code comes into view, Material puts its copy button in a landmark that has no name.
new MutationObserver((changes) => {
  for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
    if (node.className === "md-code__nav") node.role = "presentation";
  }
}).observe(document.body, { childList: true, subtree: true });

// Whoever has no mouse reaches what scrolls with Tab. There is time for it when the page is there.
// Where nothing is drawn no moment is quiet, so that there is a limit.
const idle = window.requestIdleCallback
  ? (work) => requestIdleCallback(work, { timeout: 1000 })
  : (work) => setTimeout(work, 200, { timeRemaining: () => 9 });
let asked = [];
function letScroll() {
  if (!asked.length) idle(some);
  asked = [...document.querySelectorAll(scrollers)];
}
function some(deadline) {
  while (asked.length) {
    const each = asked.shift();
    // What is folded is asked when it opens: until then it has no layout.
    if (each.checkVisibility?.() === false) continue;
    if (each.scrollWidth > each.clientWidth) each.tabIndex = 0;
    else each.removeAttribute("tabindex");
    if (!deadline.didTimeout && deadline.timeRemaining() < 4) break;
  }
  if (asked.length) idle(some);
}
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

// Material's document$ tells of every page, also of those that its instant navigation puts in place
// of another.
document$.subscribe(() => {
  const get = () => {
    for (const { localName } of document.querySelectorAll(parts)) idle(() => import(`./${localName}.js`));
  };
  // The page itself comes first.
  if (document.readyState === "complete") get();
  else addEventListener("load", get, { once: true });
  // A link to a view of the explorer leads to it.
  if (/[#&]layers=/.test(location.hash)) document.querySelector("layer-explorer")?.scrollIntoView();
  letScroll();
});
