// @ts-check
// What the page loads when a reader gives it a project: the readers, and what merges lines.

export { merge } from "../kit/merge.js";
export { projectFiles, projectRoot } from "../kit/read/files.js";
export { readProject } from "../kit/read/project.js";
