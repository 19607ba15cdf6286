// @ts-check
// Every rule, apart from those about YAML files.

import { rule as aptListsKept } from "./rules/apt-lists-kept.js";
import { rule as aptRecommends } from "./rules/apt-recommends.js";
import { rule as backgroundProcess } from "./rules/background-process.js";
import { rule as buildToolsShipped } from "./rules/build-tools-shipped.js";
import { rule as buildWarning } from "./rules/build-warning.js";
import { rule as cacheMountNotUsed } from "./rules/cache-mount-not-used.js";
import { rule as cacheMountNotWritable } from "./rules/cache-mount-not-writable.js";
import { rule as changingArgAboveInstall } from "./rules/changing-arg-above-install.js";
import { rule as chownRecursive } from "./rules/chown-recursive.js";
import { rule as codeBeforeInstall } from "./rules/code-before-install.js";
import { rule as codeWritable } from "./rules/code-writable.js";
import { rule as collectstaticAtStart } from "./rules/collectstatic-at-start.js";
import { rule as devAtStart } from "./rules/dev-at-start.js";
import { rule as devGroupShipped } from "./rules/dev-group-shipped.js";
import { rule as devInBuild } from "./rules/dev-in-build.js";
import { rule as distributionNotPinned } from "./rules/distribution-not-pinned.js";
import { rule as editableWithoutSource } from "./rules/editable-without-source.js";
import { rule as excludeNewerNotInProject } from "./rules/exclude-newer-not-in-project.js";
import { rule as failureIgnored } from "./rules/failure-ignored.js";
import { rule as frozenInstall } from "./rules/frozen-install.js";
import { rule as gettextMissing } from "./rules/gettext-missing.js";
import { rule as healthCheckNeedsCurl } from "./rules/health-check-needs-curl.js";
import { rule as ignorePatternAtRoot } from "./rules/ignore-pattern-at-root.js";
import { rule as instructionInRun } from "./rules/instruction-in-run.js";
import { rule as libpqNotNeeded } from "./rules/libpq-not-needed.js";
import { rule as linkModeWithoutCacheMount } from "./rules/link-mode-without-cache-mount.js";
import { rule as listensOnLoopback } from "./rules/listens-on-loopback.js";
import { rule as lockFlagsConflict } from "./rules/lock-flags-conflict.js";
import { rule as lockfileChangedInBuild } from "./rules/lockfile-changed-in-build.js";
import { rule as lockfileIgnored } from "./rules/lockfile-ignored.js";
import { rule as lockfileNotRead } from "./rules/lockfile-not-read.js";
import { rule as lockfileOptional } from "./rules/lockfile-optional.js";
import { rule as lockfileOutOfDate } from "./rules/lockfile-out-of-date.js";
import { rule as migrateAtStart } from "./rules/migrate-at-start.js";
import { rule as migrateInBuild } from "./rules/migrate-in-build.js";
import { rule as nativeTlsDeprecated } from "./rules/native-tls-deprecated.js";
import { rule as noBytecode } from "./rules/no-bytecode.js";
import { rule as noCacheMount } from "./rules/no-cache-mount.js";
import { rule as noHealthCheck } from "./rules/no-health-check.js";
import { rule as noLockFlag } from "./rules/no-lock-flag.js";
import { rule as noStartCommand } from "./rules/no-start-command.js";
import { rule as oneWorker } from "./rules/one-worker.js";
import { rule as outputBuffered } from "./rules/output-buffered.js";
import { rule as packageNotLocked } from "./rules/package-not-locked.js";
import { rule as packageNotUsed } from "./rules/package-not-used.js";
import { rule as passwordInPyproject } from "./rules/password-in-pyproject.js";
import { rule as pipCacheKept } from "./rules/pip-cache-kept.js";
import { rule as pipIgnoresEnvironment } from "./rules/pip-ignores-environment.js";
import { rule as programNotOnPath } from "./rules/program-not-on-path.js";
import { rule as psycopg2NeedsLibpq } from "./rules/psycopg2-needs-libpq.js";
import { rule as pythonDownloads } from "./rules/python-downloads.js";
import { rule as removedTooLate } from "./rules/removed-too-late.js";
import { rule as runsAsRoot } from "./rules/runs-as-root.js";
import { rule as runserverInProduction } from "./rules/runserver-in-production.js";
import { rule as secretFileCopied } from "./rules/secret-file-copied.js";
import { rule as secretInArg } from "./rules/secret-in-arg.js";
import { rule as secretInBuildArg } from "./rules/secret-in-build-arg.js";
import { rule as secretInEnv } from "./rules/secret-in-env.js";
import { rule as secretInRun } from "./rules/secret-in-run.js";
import { rule as secretNotRead } from "./rules/secret-not-read.js";
import { rule as secretNotRequired } from "./rules/secret-not-required.js";
import { rule as secretsNotIgnored } from "./rules/secrets-not-ignored.js";
import { rule as serverNotInstalled } from "./rules/server-not-installed.js";
import { rule as shellIsPid1 } from "./rules/shell-is-pid-1.js";
import { rule as startScriptGoesOn } from "./rules/start-script-goes-on.js";
import { rule as staticFilesNotCollected } from "./rules/static-files-not-collected.js";
import { rule as syncRemovesPackages } from "./rules/sync-removes-packages.js";
import { rule as systemPythonIgnored } from "./rules/system-python-ignored.js";
import { rule as toolsInDependencies } from "./rules/tools-in-dependencies.js";
import { rule as userByName } from "./rules/user-by-name.js";
import { rule as uvNotPinned } from "./rules/uv-not-pinned.js";
import { rule as uvRunAtStart } from "./rules/uv-run-at-start.js";
import { rule as uvUnused } from "./rules/uv-unused.js";
import { rule as venvCopied } from "./rules/venv-copied.js";
import { rule as venvInCacheMount } from "./rules/venv-in-cache-mount.js";
import { rule as venvMoved } from "./rules/venv-moved.js";
import { rule as venvNotIgnored } from "./rules/venv-not-ignored.js";
import { rule as venvWithoutItsPython } from "./rules/venv-without-its-python.js";
import { rule as virtualEnvIgnored } from "./rules/virtual-env-ignored.js";
import { rule as workspaceMembersMissing } from "./rules/workspace-members-missing.js";

/** @type {readonly Rule[]} */
export const rules = [
  aptListsKept,
  aptRecommends,
  backgroundProcess,
  buildToolsShipped,
  buildWarning,
  cacheMountNotUsed,
  cacheMountNotWritable,
  changingArgAboveInstall,
  chownRecursive,
  codeBeforeInstall,
  codeWritable,
  collectstaticAtStart,
  devAtStart,
  devGroupShipped,
  devInBuild,
  distributionNotPinned,
  editableWithoutSource,
  excludeNewerNotInProject,
  failureIgnored,
  frozenInstall,
  gettextMissing,
  healthCheckNeedsCurl,
  ignorePatternAtRoot,
  instructionInRun,
  libpqNotNeeded,
  linkModeWithoutCacheMount,
  listensOnLoopback,
  lockFlagsConflict,
  lockfileChangedInBuild,
  lockfileIgnored,
  lockfileNotRead,
  lockfileOptional,
  lockfileOutOfDate,
  migrateAtStart,
  migrateInBuild,
  nativeTlsDeprecated,
  noBytecode,
  noCacheMount,
  noHealthCheck,
  noLockFlag,
  noStartCommand,
  oneWorker,
  outputBuffered,
  packageNotLocked,
  packageNotUsed,
  passwordInPyproject,
  pipCacheKept,
  pipIgnoresEnvironment,
  programNotOnPath,
  psycopg2NeedsLibpq,
  pythonDownloads,
  removedTooLate,
  runsAsRoot,
  runserverInProduction,
  secretFileCopied,
  secretInArg,
  secretInBuildArg,
  secretInEnv,
  secretInRun,
  secretNotRead,
  secretNotRequired,
  secretsNotIgnored,
  serverNotInstalled,
  shellIsPid1,
  startScriptGoesOn,
  staticFilesNotCollected,
  syncRemovesPackages,
  systemPythonIgnored,
  toolsInDependencies,
  userByName,
  uvNotPinned,
  uvRunAtStart,
  uvUnused,
  venvCopied,
  venvInCacheMount,
  venvMoved,
  venvNotIgnored,
  venvWithoutItsPython,
  virtualEnvIgnored,
  workspaceMembersMissing,
];
