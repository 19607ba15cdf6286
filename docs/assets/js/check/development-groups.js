// @ts-check
// The names of dependency groups that production does not need.

const FOR_DEVELOPMENT =
  /^(?:dev.*|tests?|testing|lint.*|docs?|typ(?:es|ing)|format.*|quality|debug|local)$/;

/** @param {string} name */
export const isForDevelopment = (name) => FOR_DEVELOPMENT.test(name);
