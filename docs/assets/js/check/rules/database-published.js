// @ts-check
import { readImage } from "../base-images.js";
import { servicesOfOthers } from "../compose-services.js";
import { firstOnEachLine } from "../line-edits.js";
import { isSecretName } from "../secret-names.js";
import { textOf, valueAt, variablesOf } from "../yaml-values.js";

// Databases and what shows their content.
const DATABASE = /(?:^|\/)(?:postg\w*|mysql|mariadb|redis|valkey|mongo|rabbitmq|adminer)$/;

/** @type {Rule} */
export const rule = {
  id: "database-published",
  title: "Other machines can reach the database",
  advice:
    "Remove the port, which other services do not need, or name the interface, such as `127.0.0.1:5432:5432`.",
  severity: "risky",
  claims: [],
  notTried: "Access to a published port from another machine.",
  noFix: "The checker cannot tell what uses the port.",
  check: (project) =>
    firstOnEachLine(
      servicesOfOthers(project).flatMap(({ file, name, node, image }) => {
        const hasPassword = variablesOf(valueAt(node, "environment")).some(isKnownPassword);
        const isDatabase = DATABASE.test(readImage(image.node.text ?? "").name);
        const port = valueAt(node, "ports")?.items?.find(isOpen);
        if (!port || (!isDatabase && !hasPassword)) return [];
        const { line, lastLine } = port;
        const message = `Compose publishes this port of \`${name}\` on every interface${hasPassword ? ", and its password is in this file" : ""}.`;
        return [{ file, line, lastLine, message }];
      }),
    ),
};

/** @param {[string, string]} variable */
const isKnownPassword = ([name, value]) =>
  isSecretName(name) && /^(?:[^$]+|\$\{\w+:?-.+\})$/.test(value);

/** Whether a port is published for other machines. @param {YamlNode} port */
const isOpen = (port) => {
  if (port.text === undefined) {
    return textOf(valueAt(port, "published")) !== "" && !valueAt(port, "host_ip");
  }
  const parts = port.text.replace(/\$\{[^}]*\}/g, "0").split(":");
  return parts.length === 2 || (parts.length === 3 && parts[0] === "0.0.0.0");
};
