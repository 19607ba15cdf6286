// AGENTS.md: the rules for coding agents that apply to a project.

/**
 * @typedef {Record<string, string[]>} Condition
 * @typedef {{title: string, when: Condition, lines: {text: string, when: Condition}[]}} Section
 * @typedef {{title: string, about: string, sections: Section[]}} AgentRules
 */

/**
 * Return AGENTS.md for some answers.
 * @param {Record<string, string>} answers
 * @param {AgentRules} rules
 */
export function agentsFile(answers, rules) {
  /** @param {{when: Condition}} part */
  const applies = ({ when }) =>
    Object.entries(when).every(([question, values]) => values.includes(answers[question]));
  const parts = [`# ${rules.title}`, rules.about];
  for (const section of rules.sections.filter(applies)) {
    const lines = section.lines.filter(applies).map((line) => line.text);
    if (lines.length > 0) {
      parts.push(`## ${section.title}`, lines.join("\n"));
    }
  }
  return `${parts.join("\n\n")}\n`;
}
