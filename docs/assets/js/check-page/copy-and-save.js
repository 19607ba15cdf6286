// @ts-check
// What buttons do with texts. Nothing is sent.

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
 * Save a file on the reader's computer.
 * @param {BlobPart} content
 * @param {string} download The name of the file.
 */
export function save(content, download) {
  const href = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
  Object.assign(document.createElement("a"), { href, download }).click();
  URL.revokeObjectURL(href);
}
