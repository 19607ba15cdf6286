// @ts-check
// The databases whose start is all that the services of a compose file wait for.

import { readImage } from "./base-images.js";
import { commandsOf, composeServices } from "./compose-services.js";
import { entry, textOf, textsOf, valueAt } from "./yaml-values.js";

const DATABASE = /(?:^|\/)(?:postgres(?:ql)?|postgis|timescaledb|pgvector|mysql|mariadb)$/;
// The programs and the loops with which scripts wait for a database.
const WAITS =
  /\bwait[-_]?for|\bdockerize\b.*-wait|\bpg_isready\b|\bmysqladmin\b.*\bping\b|\bnc\s+-\w*z|\bpsycopg\d?\.connect\b/;

/**
 * Return the database that each service waits for, with the line of its `depends_on`.
 * @param {CheckedProject} project
 */
export const awaitedDatabases = (project) =>
  composeServices(project).flatMap(({ file, name, node }) => {
    const dependency = entry(node, "depends_on");
    const services = valueAt(project.documents.get(file), "services");
    const database =
      dependency &&
      withoutCondition(dependency.node).find((each) => {
        const image = textOf(valueAt(services, each, "image"));
        return DATABASE.test(readImage(image).name);
      });
    return dependency && database !== undefined && !startWaits(project, { node })
      ? [{ file, line: dependency.line, service: name, database }]
      : [];
  });

/**
 * Whether what a service starts waits for its database.
 * @param {CheckedProject} project
 * @param {Pick<ComposeService, "node">} service
 */
const startWaits = (project, service) => {
  const ofImage = entry(service.node, "entrypoint") ? [] : project.start.commands;
  const started = [...commandsOf(project, service), ...ofImage];
  const scripts = new Set(started.flatMap(({ file }) => file ?? []));
  const texts = [...scripts].map((file) => project.input.texts?.[file] ?? "");
  return [...started.map(({ words }) => words.join(" ")), ...texts].some((text) =>
    WAITS.test(text),
  );
};

/** Return the services whose start alone is waited for. @param {YamlNode} node */
const withoutCondition = (node) =>
  node.entries
    ? [...node.entries]
        .filter(([, each]) =>
          /^(?:|service_started)$/.test(textOf(valueAt(each.node, "condition"))),
        )
        .map(([name]) => name)
    : textsOf(node);
