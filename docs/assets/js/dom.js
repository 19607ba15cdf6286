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
