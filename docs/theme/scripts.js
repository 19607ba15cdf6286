// @ts-check
// Run the scripts of the page after the browser has painted it for the first time.
(() => {
  const { content } = /** @type {HTMLTemplateElement} */ (document.getElementById("scripts"));
  const run = () => {
    const scripts = /** @type {HTMLScriptElement[]} */ ([...content.children]);
    for (const script of scripts) script.async = false;
    // The theme waits for this event, which the browser has already sent.
    scripts[0]?.addEventListener("load", () =>
      document.dispatchEvent(new Event("DOMContentLoaded")),
    );
    document.body.append(content);
  };
  if (document.hidden) return run();
  // Run them after a second even if the browser paints nothing or does not report it.
  setTimeout(run, 1000);
  new PerformanceObserver(run).observe({ type: "paint", buffered: true });
})();
