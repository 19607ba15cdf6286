// @ts-check
// The rules about compose files and pipelines, and what reads them. The page loads this module when a
// reader has a YAML file.

import { databaseIsReady, ownVolume } from "./proposals/compose-files.js";
import { rule as composeImageNotPinned } from "./rules/compose-image-not-pinned.js";
import { rule as composeRunserver } from "./rules/compose-runserver.js";
import { rule as composeUserRoot } from "./rules/compose-user-root.js";
import { rule as composeUvRun } from "./rules/compose-uv-run.js";
import { rule as composeVersion } from "./rules/compose-version.js";
import { rule as databasePublished } from "./rules/database-published.js";
import { rule as dependsOnNotReady } from "./rules/depends-on-not-ready.js";
import { rule as mountHidesCode } from "./rules/mount-hides-code.js";
import { rule as mountHidesStatic } from "./rules/mount-hides-static.js";
import { rule as mountHidesVenv } from "./rules/mount-hides-venv.js";
import { rule as pipelineCacheWithoutStages } from "./rules/pipeline-cache-without-stages.js";
import { rule as pipelineNoLockFlag } from "./rules/pipeline-no-lock-flag.js";
import { rule as pipelineSecretInBuildArg } from "./rules/pipeline-secret-in-build-arg.js";
import { rule as sqliteFileMounted } from "./rules/sqlite-file-mounted.js";
import { readYaml } from "./yaml-files.js";

/** @type {YamlSupport} */
export const yaml = {
  read: readYaml,
  rules: [
    composeImageNotPinned,
    composeRunserver,
    composeUserRoot,
    composeUvRun,
    composeVersion,
    databasePublished,
    dependsOnNotReady,
    mountHidesCode,
    mountHidesStatic,
    mountHidesVenv,
    pipelineCacheWithoutStages,
    pipelineNoLockFlag,
    pipelineSecretInBuildArg,
    sqliteFileMounted,
  ],
  proposals: { "depends-on-not-ready": databaseIsReady, "mount-hides-venv": ownVolume },
};
