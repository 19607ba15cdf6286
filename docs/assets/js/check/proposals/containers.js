// @ts-check
// Proposals for the user, the health check and the workers of a container.

import { baseImage, isAlpine } from "../base-images.js";
import { changesTo, insertAbove, insertBelow, replaceIn } from "../line-edits.js";
import { programName } from "../shell-commands.js";
import { usesSqlite } from "../sqlite.js";
import { isOnPath, server, startedProgram } from "../start-commands.js";
import { uvCall } from "../uv-calls.js";

const NUMBER = 10001;
// The folder that the container's user can write to, as in the examples.
export const FOLDER = "/data";
const SQLITE = `The server cannot write next to the code. Let your settings read the path of the SQLite database from \`DATABASE_PATH\`, and mount a volume at \`${FOLDER}\`.`;
const UPLOADS = `The server cannot write next to the code. Keep what it writes, such as uploads or a SQLite database, in \`${FOLDER}\`, and mount a volume there.`;

/**
 * Insert lines above what starts the container, or at the end of the image if steps follow.
 * @param {CheckedProject} project
 * @param {string[]} text
 */
export const beforeStart = (project, ...text) => {
  const { instructions, start } = project.shipped;
  const last = instructions.at(-1) ?? start;
  const first = instructions.find(({ keyword }) => /^(?:CMD|ENTRYPOINT)$/.test(keyword));
  const isLast =
    first && !instructions.some(({ keyword, line }) => line > first.line && STEP.test(keyword));
  return isLast ? insertAbove(project, first, ...text) : insertBelow(last, ...text);
};

const STEP = /^(?:RUN|COPY|ADD|USER|WORKDIR)$/;

/** @param {CheckedProject} project @returns {Proposal | undefined} */
export const otherUser = (project) => {
  const { dockerfile, shipped, start, installs, uv } = project;
  const base = baseImage(dockerfile, shipped);
  // uv needs a home folder, and another user cannot read that of root.
  const needsRoot =
    start.commands.some((command) => uvCall(command)) ||
    installs.some(({ ships, target }) => ships && target.startsWith("/root")) ||
    uv.some(({ name }) => name === "python install");
  if (needsRoot || base.family === "unknown" || base.family === "scratch") return undefined;
  const create = isAlpine(base)
    ? [
        `RUN adduser -D -H -u ${NUMBER} app \\`,
        `    && mkdir -p ${FOLDER} && chown app:app ${FOLDER}`,
      ]
    : [
        `RUN useradd --uid ${NUMBER} --no-create-home --shell /usr/sbin/nologin app \\`,
        `    && install --directory --owner app --group app ${FOLDER}`,
      ];
  const isSqlite = usesSqlite(project);
  const path = isSqlite ? [`ENV DATABASE_PATH=${FOLDER}/db.sqlite3`] : [];
  const use = [...path, `USER ${NUMBER}`];
  return {
    condition: isSqlite ? SQLITE : UPLOADS,
    edits: isEarly(project)
      ? [...insertBelow(shipped.start, ...create), ...beforeStart(project, ...use)]
      : beforeStart(project, ...create, ...use),
  };
};

/**
 * Whether the user can be created above every step, so that no edit of a file runs this again. A
 * stage that has another user before cannot create one.
 * @param {CheckedProject} project
 */
const isEarly = ({ image, shipped }) =>
  image[0] === shipped.instructions[0] &&
  image.some(({ keyword }) => /^(?:RUN|COPY|ADD)$/.test(keyword)) &&
  !image.some(({ keyword }) => /^(?:SHELL|USER)$/.test(keyword));

/** @param {CheckedProject} project @returns {Proposal | undefined} */
export const healthCheck = (project) => {
  const command = server(project);
  const port = command && portOf(project, startedProgram(command));
  if (!port || !hasPython(project)) return undefined;
  const code = `import http.client as h; c = h.HTTPConnection('127.0.0.1', ${port}, timeout=4); c.request('GET', '/'); c.getresponse()`;
  return {
    condition:
      "Any response counts as healthy, even an error. If your project has a URL for health checks, use it instead of `/`.",
    edits: beforeStart(
      project,
      "HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \\",
      `    CMD ["python", "-c", "${code}"]`,
    ),
  };
};

/** @param {CheckedProject} project */
const hasPython = (project) => {
  const { dockerfile, shipped, installs } = project;
  const { python } = baseImage(dockerfile, shipped);
  const last = installs.findLast(({ ships }) => ships);
  return python !== undefined || (last !== undefined && isOnPath(project, last.target));
};

/**
 * Return the port on which a server answers requests, if its command says so.
 * @param {CheckedProject} project
 * @param {string[]} command
 */
const portOf = (project, [program = "", ...words]) => {
  const line = words.join(" ");
  if (/certfile|ssl|unix:|--uds|\$/.test(line)) return undefined;
  if (words.includes("runserver")) return /runserver(?:.*[ :](\d+))?/.exec(line)?.[1] ?? "8000";
  const name = programName(program);
  if (name === "gunicorn") {
    const bound = /(?:^| )(?:-b|--bind)[ =]?\S*:(\d+)/.exec(line)?.[1];
    return bound ?? (isConfigured(project) ? undefined : "8000");
  }
  return /^(?:uvicorn|granian|daphne)$/.test(name)
    ? (/(?:^| )(?:-p|--port)[ =](\d+)/.exec(line)?.[1] ?? "8000")
    : undefined;
};

/** Whether another file can set the port of gunicorn. @param {CheckedProject} project */
const isConfigured = ({ input: { files } }) =>
  !files || Object.keys(files).some((path) => /gunicorn[^/]*\.py$/.test(path));

/** @param {CheckedProject} project @returns {Proposal} */
export const workers = (project) => ({
  condition:
    "Two workers need about twice as much memory as one. To change the number without a new build, set `WEB_CONCURRENCY` when you start the container.",
  edits: beforeStart(project, "ENV WEB_CONCURRENCY=2"),
});

/**
 * Give the user a number, if one step creates the user without one.
 * @param {CheckedProject} project
 * @returns {Proposal | undefined}
 */
export const userByNumber = (project) => {
  const user = project.image.findLast(({ keyword }) => keyword === "USER");
  const [name, group] = user?.command.split(":") ?? [];
  if (!user || !name || (group !== undefined && group !== name)) return undefined;
  const creates = new RegExp(`\\b(?:useradd|adduser)\\b(?=[^&;|]*\\s${name}(?:\\s|$))`);
  const isNumbered = new RegExp(`${creates.source}[^&;|]*(?:--uid|-u)[ =]\\d`);
  const [step, other] = project.image.filter(
    ({ keyword, script }) => keyword === "RUN" && creates.test(script),
  );
  if (!step || other || isNumbered.test(step.script)) return undefined;
  const option = isAlpine(baseImage(project.dockerfile, project.shipped)) ? "-u" : "--uid";
  const created = replaceIn(project, step, creates, `$& ${option} ${NUMBER}`);
  const used = replaceIn(project, user, /USER\s+\S+/i, `USER ${NUMBER}`);
  return created && used
    ? {
        condition:
          "The user gets a new UID. If you have volumes with files of the old UID, run `chown` on them once.",
        edits: [...created, ...used],
      }
    : undefined;
};

/**
 * Copy the code without giving it to the user of the container.
 * @param {CheckedProject} project
 * @param {RuleFinding} finding
 * @returns {Proposal | undefined}
 */
export const withoutOwner = (project, { line, lastLine, file }) => {
  const changed = project.lines.map((text, index) =>
    index + 1 >= line && index < lastLine ? text.replace(/\s--chown=\S+/, "") : text,
  );
  const edits = file === undefined ? changesTo(project.lines, changed) : [];
  return edits.length === 0
    ? undefined
    : {
        condition:
          "This works if the server does not write files next to the code, such as a SQLite database or uploads.",
        edits,
      };
};
