// @ts-check
// What is known about base images from their names.

import { imageVersion } from "./interpreter.js";

/** @type {Record<string, BaseImage["family"]>} */
const FAMILIES = {
  python: "python",
  "ghcr.io/astral-sh/uv": "uv",
  "astral/uv": "uv",
  debian: "debian",
  ubuntu: "ubuntu",
  alpine: "alpine",
  scratch: "scratch",
  ...Object.fromEntries(
    ["almalinux", "amazonlinux", "fedora", "oraclelinux", "rockylinux"].map((name) => [
      name,
      "redhat",
    ]),
  ),
};
// Official images without Python.
const OTHER_PROGRAMS =
  /(?:^|\/)(?:aws-cli|busybox|caddy|elasticsearch|golang|haproxy|hello-world|httpd|mailpit|mariadb|memcached|minio|mongo|mysql|nginx(?:-unprivileged)?|node|postgis|postgres|rabbitmq|redis|ruby|rust|traefik|valkey)$/;
const IMAGE = /^(?<name>(?:[^/]+\/)*[^:@/]+)(?::(?<tag>[^@]*))?(?<digest>@.+)?$/;

/**
 * Read the name of an image, such as `python:3.14-slim-trixie`.
 * @param {string} image
 * @returns {BaseImage}
 */
export const readImage = (image) => {
  const { name = image, tag = "", digest } = IMAGE.exec(image)?.groups ?? {};
  // A mirror keeps the folder of the official images.
  const short = name.replace(
    /^(?:docker\.io\/|(?:.*\/)?(?:library|dependency_proxy\/containers)\/)/,
    "",
  );
  const family = FAMILIES[short] ?? "unknown";
  const version = family === "python" || family === "uv" ? imageVersion(image) : undefined;
  const python = version?.split(".").slice(0, 2).join(".");
  return { name: short, tag, hasDigest: digest !== undefined, family, python };
};

/**
 * Return the image that a stage starts from, through the stages in between.
 * @param {Dockerfile} dockerfile
 * @param {DockerfileStage} stage
 */
export const baseImage = (dockerfile, stage) => {
  const [first] = lineage(dockerfile, stage);
  return readImage(first.base);
};

/**
 * Return a stage and the stages that it starts from, the first one first.
 * @param {Dockerfile} dockerfile
 * @param {DockerfileStage} stage
 * @returns {DockerfileStage[]}
 */
export const lineage = (dockerfile, stage) =>
  stage.baseStage === undefined
    ? [stage]
    : [...lineage(dockerfile, dockerfile.stages[stage.baseStage]), stage];

/**
 * Slim Debian images and Alpine have none of the programs of `buildpack-deps`, such as curl.
 * @param {BaseImage} image
 */
export const isSmall = ({ family, tag }) =>
  family === "debian" || family === "ubuntu" || /slim|alpine/.test(tag) || family === "alpine";

/** @param {BaseImage} image */
export const isAlpine = ({ family, tag }) => family === "alpine" || /alpine/.test(tag);

/** Whether an image is known to be for something else than Python. @param {BaseImage} image */
export const isForOthers = ({ name }) => OTHER_PROGRAMS.test(name);
