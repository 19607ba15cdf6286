// @ts-check
// The links of the annotated file above show the entries of their row beside it.

class WithoutIt extends HTMLElement {
  connectedCallback() {
    const file = this.parentElement?.previousElementSibling;
    if (!file?.matches(".annotated")) return;
    const entries = Array.from(this.querySelectorAll("dl > div"));
    /** @type {HTMLAnchorElement[]} */
    const links = Array.from(file.querySelectorAll(".without-it"));
    const starts = links.map(({ hash }) => entries.findIndex(({ id }) => `#${id}` === hash));
    links.forEach((link, at) => {
      link.ariaExpanded = "false";
      link.onclick = (event) => {
        event.preventDefault();
        // Material would follow the link.
        event.stopPropagation();
        const row = link.parentElement?.nextElementSibling;
        if (link.ariaExpanded === "true") row?.nextElementSibling?.remove();
        else row?.after(panel(entries.slice(starts[at], starts[at + 1])));
        link.ariaExpanded = String(link.ariaExpanded !== "true");
      };
    });
  }
}

/** @param {Element[]} entries */
function panel(entries) {
  const panel = document.createElement("span");
  panel.className = "without-panel";
  const list = document.createElement("dl");
  for (const each of entries) {
    const copy = list.appendChild(each.cloneNode(true));
    if (copy instanceof HTMLElement) copy.removeAttribute("id");
  }
  panel.append(list);
  return panel;
}

customElements.define("without-it", WithoutIt);
