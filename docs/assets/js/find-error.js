// @ts-check
// The build of the site puts all modules that this one needs into one file.
import "./errors/element.js";
