// @ts-check
// Material loads its search index and the search worker with each page. Together they are larger
// than the page. Load both only when the reader opens the search field.
(() => {
  // Zensical has its own search.
  if (!document.querySelector("[data-md-component=search-query]")) return;
  const wanted = /** @type {Promise<void>} */ (
    new Promise((open) => {
      document.addEventListener("focusin", ({ target }) => {
        if (/** @type {Element} */ (target).matches("[data-md-component=search-query]")) open();
      });
    })
  );
  const { open, send } = XMLHttpRequest.prototype;
  /** @param {[method: string, url: string | URL, ...rest: unknown[]]} parts */
  XMLHttpRequest.prototype.open = function (...parts) {
    open.apply(this, /** @type {Parameters<typeof open>} */ (parts));
    const isIndex = `${parts[1]}`.endsWith("/search_index.json");
    if (isIndex) this.send = () => wanted.then(() => send.call(this));
  };
  // The type of the messages with which Material sends what the reader has typed.
  const QUERY = 2;
  const module = new URL("{{ 'assets/js/search.js' | url }}", location.href).href;
  const { Worker } = window;
  class LateWorker extends EventTarget {
    /** @param {string | URL} url */
    constructor(url) {
      super();
      this.started = wanted.then(async () => {
        const { asQuery } = await import(module);
        const worker = new Worker(url);
        worker.onmessage = ({ data }) => this.dispatchEvent(new MessageEvent("message", { data }));
        return (/** @type {SearchMessage} */ message) =>
          worker.postMessage(
            message.type === QUERY ? { ...message, data: asQuery(message.data) } : message,
          );
      });
    }
    /** @param {SearchMessage} message */
    postMessage(message) {
      this.started.then((post) => post(message));
    }
  }
  Object.assign(window, { Worker: LateWorker });
})();
