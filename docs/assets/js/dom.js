// @ts-check
/**
 * The first element that matches. It has to exist.
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} kind
 */
export function find(root, selector, kind) {
  const element = root.querySelector(selector);
  if (element instanceof kind) return element;
  throw new Error(`No ${kind.name} matches ${selector}`);
}

/**
 * Copy a text, and say so on the button that was pressed.
 * @param {HTMLButtonElement} button
 * @param {string} text
 */
export async function copyText(button, text) {
  const label = button.textContent;
  await navigator.clipboard.writeText(text);
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = label), 2000);
}

/**
 * Save a file on the reader's computer. Nothing is sent.
 * @param {BlobPart} content
 * @param {string} download The name of the file.
 */
export function save(content, download) {
  const href = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
  Object.assign(document.createElement("a"), { href, download }).click();
  URL.revokeObjectURL(href);
}
