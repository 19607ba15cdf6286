// @ts-check
// What is wrong with a Dockerfile, worst first, and what cannot be judged.

import { isForOthers, lineage, readImage } from "./base-images.js";
import { checkedProject } from "./checked-project.js";
import { readDockerfile } from "./dockerfile.js";
import { rules } from "./rules.js";
import { calledScript, programName } from "./shell-commands.js";

/** @type {Severity[]} */
export const SEVERITIES = ["breaks", "slow", "risky", "untidy"];
const OTHER_INSTALLERS = /^(?:poetry|pipenv|pdm|pip3?|pip-sync|conda|mamba)$/;
const PYTHON = /^(?:uvx?|pip3?|poetry|pipenv|pdm|python[\d.]*|manage\.py|gunicorn|uvicorn)$/;
const RUNNERS = /^(?:make|just|task|nox|tox)$/;

/**
 * Return what every rule finds, worst first.
 * @param {CheckInput} input
 */
export const check = (input) => {
  const project = checkedProject(input);
  if (!project) {
    const { problems } = readDockerfile(input.dockerfile);
    return { findings: [], notJudged: [], problems };
  }
  const { problems } = project.dockerfile;
  const other = otherImage(project);
  if (other) return { findings: [], notJudged: [other], problems };
  return {
    findings: [...rules, ...(input.yaml?.rules ?? [])]
      .flatMap((rule) => findingsOf(rule, project))
      .sort(byWeight),
    notJudged: notJudged(project),
    problems,
  };
};

/**
 * Return why the rules do not apply to an image without Python, such as that of a front end.
 * @param {CheckedProject} project
 * @returns {NotJudged | undefined}
 */
const otherImage = ({ dockerfile, shipped, image, commands, start }) => {
  const [{ base, start: from }] = lineage(dockerfile, shipped);
  const own = [
    ...commands.filter(({ instruction }) => image.includes(instruction)),
    ...start.commands,
  ];
  const isPython = own.some(({ words }) => words.some((word) => PYTHON.test(programName(word))));
  return isPython || !isForOthers(readImage(base))
    ? undefined
    : { line: from.line, reason: `\`${base}\` is not a Python image, so the rules do not apply.` };
};

/**
 * @param {Rule} rule
 * @param {CheckedProject} project
 * @returns {Finding[]}
 */
const findingsOf = ({ id, title, advice, severity, claims, check: run }, project) =>
  run(project).map((finding) => ({ rule: id, title, advice, severity, claims, ...finding }));

/** @param {Finding} one @param {Finding} other */
const byWeight = (one, other) =>
  SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity) || one.line - other.line;

/**
 * Return what the rules do not know, and why.
 * @param {CheckedProject} project
 * @returns {NotJudged[]}
 */
const notJudged = (project) => [...inImages(project), ...inSteps(project), ...inStart(project)];

/** @param {CheckedProject} project @returns {NotJudged[]} */
const inImages = ({ dockerfile, shipped, isDevelopment }) => {
  /** @type {NotJudged[]} */
  const result = [];
  const [{ base, start }] = lineage(dockerfile, shipped);
  if (readImage(base).family === "unknown") {
    const reason = `The image \`${base}\` can set a user, variables and a health check.`;
    result.push({ line: start.line, reason });
  }
  if (isDevelopment) {
    const reason =
      "This image is for development, so the rules for production do not apply. If you ship another stage, name it.";
    result.push({ line: shipped.start.line, reason });
  }
  return result;
};

/** @param {CheckedProject} project @returns {NotJudged[]} */
const inSteps = ({ commands }) =>
  commands.flatMap(({ words, instruction: { line } }) => {
    const reason = unknownStep(words);
    return reason === undefined ? [] : [{ line, reason }];
  });

/** @param {string[]} words */
const unknownStep = (words) => {
  const script = calledScript(words);
  const program = programName(words[0]);
  if (script) return `What \`${script}\` installs is unknown.`;
  if (RUNNERS.test(program)) return `What \`${words.join(" ")}\` does is unknown.`;
  const isInstall = words.slice(0, 4).some((word) => /^(?:install|sync)$/.test(word));
  const isUv = words.some((word) => /^uv\b/.test(word)) || isOnlyPip(words);
  return OTHER_INSTALLERS.test(program) && isInstall && !isUv
    ? `${program} installs here, which the rules for uv do not cover.`
    : undefined;
};

/** Whether pip only updates itself. @param {string[]} words */
const isOnlyPip = (words) => {
  const packages = words
    .slice(words.indexOf("install") + 1)
    .filter((word) => !word.startsWith("-"));
  return packages.length > 0 && packages.every((word) => /^(?:pip|setuptools|wheel)$/.test(word));
};

/** @param {CheckedProject} project @returns {NotJudged[]} */
const inStart = ({ start }) =>
  start.hiddenScript === undefined
    ? []
    : [
        {
          line: (start.entrypoint ?? start.command)?.line ?? 1,
          reason: `What \`${start.hiddenScript}\` does when a container starts is unknown.`,
        },
      ];
