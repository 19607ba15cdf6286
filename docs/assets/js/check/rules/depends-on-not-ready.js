// @ts-check

import { readImage } from "../base-images.js";
import { composeServices } from "../compose-services.js";
import { firstOnEachLine } from "../line-edits.js";
import { entry, textOf, textsOf, valueAt } from "../yaml-values.js";

const DATABASE = /(?:^|\/)(?:postgres(?:ql)?|postgis|timescaledb|pgvector|mysql|mariadb)$/;

/** @type {Rule} */
export const rule = {
  id: "depends-on-not-ready",
  title: "Compose does not wait until the database is ready",
  advice: "Give the database a health check, and wait for it with `condition: service_healthy`.",
  severity: "risky",
  claims: ["depends-on-waits-for-the-start-alone"],
  noFix: "The checker cannot tell how your database reports that it is ready.",
  check: (project) =>
    firstOnEachLine(
      composeServices(project).flatMap(({ file, name, node }) => {
        const dependency = entry(node, "depends_on");
        const services = valueAt(project.documents.get(file), "services");
        const database =
          dependency &&
          withoutCondition(dependency.node).find((each) => {
            const image = textOf(valueAt(services, each, "image"));
            return DATABASE.test(readImage(image).name);
          });
        if (!dependency || database === undefined) return [];
        const { line } = dependency;
        const message = `Compose can start \`${name}\` before the database in \`${database}\` accepts connections, so the first query can fail.`;
        return [{ file, line, lastLine: line, message }];
      }),
    ),
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
