// The page comes first: what makes it interactive runs when a reader sees it.
(() => {
  const { content } = document.getElementById("scripts");
  const run = () => {
    const scripts = [...content.children];
    for (const script of scripts) script.async = false;
    // The theme waits for this event, which has come by then.
    scripts[0]?.addEventListener("load", () => document.dispatchEvent(new Event("DOMContentLoaded")));
    document.body.append(content);
  };
  if (document.hidden) return run();
  // For when nothing is drawn, or a browser does not tell.
  setTimeout(run, 1000);
  new PerformanceObserver(run).observe({ type: "paint", buffered: true });
})();
