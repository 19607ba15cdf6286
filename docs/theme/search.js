// Material fetches its search index and the program that reads it with each page, which together
// weigh more than the page. Here both wait until the reader goes to the search field.
(() => {
  // Zensical has a search of its own.
  if (!document.querySelector("[data-md-component=search-query]")) return;
  const wanted = new Promise((go) => {
    document.addEventListener("focusin", ({ target }) => {
      if (target.matches("[data-md-component=search-query]")) go();
    });
  });
  const { open, send } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.open = function (method, url, ...rest) {
    open.call(this, method, url, ...rest);
    if (`${url}`.endsWith("/search_index.json")) this.send = () => wanted.then(() => send.call(this));
  };
  // What is typed is made a query on its way.
  const QUERY = 2;
  const search = new URL("{{ 'assets/js/search.js' | url }}", location);
  const { Worker } = window;
  window.Worker = class extends EventTarget {
    constructor(url) {
      super();
      this.started = wanted.then(async () => {
        const { asQuery } = await import(search);
        const worker = new Worker(url);
        worker.onmessage = ({ data }) => this.dispatchEvent(new MessageEvent("message", { data }));
        return (message) =>
          worker.postMessage(message.type === QUERY ? { ...message, data: asQuery(message.data) } : message);
      });
    }
    postMessage(message) {
      this.started.then((post) => post(message));
    }
  };
})();
