// @ts-check
// The databases whose start is all that the services of a compose file wait for.

import { readImage } from "./base-images.js";
import { composeServices } from "./compose-services.js";
import { entry, textOf, textsOf, valueAt } from "./yaml-values.js";

const DATABASE = /(?:^|\/)(?:postgres(?:ql)?|postgis|timescaledb|pgvector|mysql|mariadb)$/;

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
    return dependency && database !== undefined
      ? [{ file, line: dependency.line, service: name, database }]
      : [];
  });

/** Return the services whose start alone is waited for. @param {YamlNode} node */
const withoutCondition = (node) =>
  node.entries
    ? [...node.entries]
        .filter(([, each]) =>
          /^(?:|service_started)$/.test(textOf(valueAt(each.node, "condition"))),
        )
        .map(([name]) => name)
    : textsOf(node);
