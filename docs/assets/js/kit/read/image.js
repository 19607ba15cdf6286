// @ts-check
// What the files that build and start a project's containers say.

import { readImage } from "../../check/base-images.js";
import { readDockerfile } from "../../check/dockerfile.js";
import { COMPOSE_FILE, isDockerfile } from "../../check/file-names.js";
import { runCommands } from "../../check/shell-commands.js";
import { packagesIn } from "../../check/system-packages.js";

/** @typedef {{ file: string, at: string, text: string }} Line */

const NODE = /(?:^|\/|\})(?:node(?:[:@]|$)|\$\{?node)/i;

/**
 * Return what a Dockerfile says about Python, the port and the packages of the operating system.
 * @param {string} file
 * @param {string} content
 */
export const readImageFile = (file, content) => {
  const { stages } = readDockerfile(content);
  const instructions = stages.flatMap((stage) => stage.instructions.map((own) => ({ stage, own })));
  const python = stages
    .map(({ base, start }) => ({ value: readImage(base).python ?? "", at: `line ${start.line}` }))
    .find(({ value }) => value !== "");
  const ports = instructions
    .filter(({ own }) => own.keyword === "EXPOSE")
    .flatMap(({ own }) => {
      const value = /^\d+/.exec(own.command.trim())?.[0];
      return value ? [{ value, at: `line ${own.line}` }] : [];
    });
  const packages = instructions
    .filter(({ own }) => own.keyword === "RUN")
    .flatMap(({ stage, own }) => packagesIn(runCommands(stage, own)))
    .flatMap(({ names, program, instruction }) =>
      names.map((value) => ({ value, program, at: `line ${instruction.line}` })),
    );
  const node = stages.find(({ base }) => NODE.test(base));
  return {
    file,
    python,
    port: ports[0],
    packages,
    isOnNode: node && `line ${node.start.line}`,
  };
};

/**
 * Return the lines that can start a server or a worker: those of the Dockerfile, scripts, Compose
 * files and a Procfile.
 * @param {Readonly<Record<string, string>>} texts
 * @returns {Line[]}
 */
export const startLines = (texts) =>
  Object.entries(texts)
    .filter(([file]) => isDockerfile(file) || COMPOSE_FILE.test(file) || STARTS.test(file))
    .flatMap(([file, content]) =>
      content
        .split(/\r?\n/)
        .map((text, index) => ({ file, at: `line ${index + 1}`, text }))
        .filter(({ text }) => !/^\s*#/.test(text) && !INSTALLS.test(text)),
    );

const STARTS = /(?:^|\/)(?:Procfile|[^/]*\.sh|(?:docker-)?(?:entrypoint|start|run|boot)[^/.]*)$/;
// A line that installs a server does not start it.
const INSTALLS = /\b(?:pip3?|uv|poetry|apt-get)\s+(?:install|add|pip)\b/;
