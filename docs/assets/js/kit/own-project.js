// @ts-check
// What the page loads when a reader gives it a project: the readers, and what merges lines.

export { givenProject } from "./given-project.js";
export { merge } from "./merge.js";
export { projectFiles, projectRoot } from "./read/files.js";
export { readProject } from "./read/project.js";
