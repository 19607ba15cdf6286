// @ts-check
// Changes that end a finding on a condition that only the reader can check.

import { checkedProject } from "./checked-project.js";
import { check } from "./findings.js";
import { withEdits, withFixes } from "./fixes.js";
import {
  healthCheck,
  otherUser,
  userByNumber,
  withoutOwner,
  workers,
} from "./proposals/containers.js";
import { withoutSecret } from "./proposals/secrets.js";
import { productionServer, withoutMigrations } from "./proposals/start.js";
import { lockfileCopied, noRecommended, uvVersion, withoutIgnoring } from "./proposals/steps.js";

// More changes than any file needs.
const MAX_CHANGES = 100;

/** @type {Proposals} */
const PROPOSALS = {
  "apt-recommends": noRecommended,
  "code-writable": withoutOwner,
  "failure-ignored": withoutIgnoring,
  "migrate-at-start": withoutMigrations,
  "no-health-check": healthCheck,
  "no-lock-flag": lockfileCopied,
  "no-start-command": productionServer,
  "one-worker": workers,
  "runs-as-root": otherUser,
  "runserver-in-production": productionServer,
  "secret-in-env": withoutSecret,
  "user-by-name": userByNumber,
  "uv-not-pinned": uvVersion,
};

/**
 * Return a proposal for each finding without a fix, if there is one.
 * @param {CheckInput} input
 * @param {(RuleFinding & { rule: string })[]} findings
 * @returns {(Proposal | undefined)[]}
 */
export const proposalsFor = (input, findings) => {
  const project = checkedProject(input);
  const proposals = { ...PROPOSALS, ...input.yaml?.proposals };
  return findings.map((finding) =>
    project && !finding.fix ? proposals[finding.rule]?.(project, finding) : undefined,
  );
};

/**
 * Apply every fix and every proposal, and those that become possible. Return the conditions as well.
 * @param {CheckInput} input
 */
export const applyProposals = (input) => {
  let current = withFixes(input);
  /** @type {Set<string>} */
  const conditions = new Set();
  for (let count = 0; count < MAX_CHANGES; count += 1) {
    const proposal = proposalsFor(current, check(current).findings).find((each) => each);
    if (!proposal) break;
    conditions.add(proposal.condition);
    current = withFixes(withEdits(current, proposal.edits));
  }
  return { input: current, conditions: [...conditions] };
};
