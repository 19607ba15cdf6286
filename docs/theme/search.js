// Material fetches its search index and the program that reads it with each page, which together
// weigh more than the page. Here both wait until the reader goes to the search field.
(() => {
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
  const { Worker } = window;
  window.Worker = class extends EventTarget {
    constructor(url) {
      super();
      this.started = wanted.then(() => {
        const worker = new Worker(url);
        worker.onmessage = ({ data }) => this.dispatchEvent(new MessageEvent("message", { data }));
        return worker;
      });
    }
    postMessage(message) {
      this.started.then((worker) => worker.postMessage(message));
    }
  };
})();
