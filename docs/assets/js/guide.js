// @ts-check
// Custom elements that a module of their name defines. It is imported after the page has loaded and
// when the element is near the screen, or for the first group at once.
const AT_ONCE = "check-dockerfile, find-error, make-kit, paste-text, without-it";
const NEAR = "layer-explorer, what-installs, pattern-chooser";
/** @param {Element} element */
const define = ({ localName }) => whenIdle(() => import(`./${localName}.js`));
const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) define(target);
  },
  { rootMargin: "200%" },
);
// What can be wider than its column.
const SCROLLERS = ".annotated .code, pre > code, .scroll";

// Material puts the copy button of a visible file into a landmark without a name.
/** @param {Iterable<Node>} nodes */
const unmark = (nodes) => {
  for (const node of nodes)
    if (node instanceof HTMLElement && node.className === "md-code__nav")
      node.role = "presentation";
};
unmark(document.querySelectorAll("nav"));
new MutationObserver((changes) => {
  for (const { addedNodes } of changes) unmark(addedNodes);
}).observe(document.body, { childList: true, subtree: true });

// A browser that paints nothing is never idle, so there is a limit.
/** @type {(work: IdleRequestCallback) => unknown} */
const whenIdle =
  "requestIdleCallback" in window
    ? (work) => requestIdleCallback(work, { timeout: 1000 })
    : (work) => setTimeout(work, 200, { timeRemaining: () => 9 });

// Make what scrolls reachable with Tab, bit by bit: measuring it takes time.
/** @type {HTMLElement[]} */
let unmeasured = [];
function measure() {
  if (!unmeasured.length) whenIdle(measureSome);
  unmeasured = Array.from(document.querySelectorAll(SCROLLERS));
}
/** @type {IdleRequestCallback} */
function measureSome(deadline) {
  for (let each = unmeasured.shift(); each; each = unmeasured.shift()) {
    // A folded element has no layout. It is measured when it opens.
    if (each.checkVisibility?.() === false) continue;
    if (each.scrollWidth > each.clientWidth) each.tabIndex = 0;
    else each.removeAttribute("tabindex");
    if (!deadline.didTimeout && deadline.timeRemaining() < 4) break;
  }
  if (unmeasured.length) whenIdle(measureSome);
}
addEventListener("resize", measure);
addEventListener("toggle", measure, true);

// Print what is folded. CSS cannot open it.
addEventListener("beforeprint", () => {
  /** @type {NodeListOf<HTMLDetailsElement>} */
  const folded = document.querySelectorAll("article details:not([open])");
  for (const each of folded) {
    each.open = true;
    addEventListener("afterprint", () => (each.open = false), { once: true });
  }
});

// Material's button copies a file without its trailing newline, but with the links beside its lines.
addEventListener(
  "click",
  ({ target }) => {
    if (!(target instanceof Element)) return;
    /** @type {HTMLElement | null} */
    const button = target.closest(".highlight:has(> .filename) [data-md-type=copy]");
    const file = button?.closest(".highlight")?.querySelector("pre");
    const code = file?.querySelector("code")?.cloneNode(true);
    if (!button || !(code instanceof HTMLElement)) return;
    for (const each of code.querySelectorAll(".without-it, .without-panel")) each.remove();
    button.dataset.clipboardText = code.textContent ?? "";
  },
  true,
);

// document$ is Material's: the first page, and each that instant navigation puts in its place.
document$.subscribe(() => {
  const load = () => {
    for (const each of document.querySelectorAll(AT_ONCE)) define(each);
    for (const each of document.querySelectorAll(NEAR)) near.observe(each);
  };
  if (document.readyState === "complete") load();
  else addEventListener("load", load, { once: true });
  // A link to a view of the explorer leads to it.
  if (/[#&]layers=/.test(location.hash)) document.querySelector("layer-explorer")?.scrollIntoView();
  measure();
});
