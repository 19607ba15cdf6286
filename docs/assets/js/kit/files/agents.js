// @ts-check

/** The rules for coding agents that apply to the project. @param {Kit} kit @returns {KitFile | undefined} */
export const agents = ({ answers, sources: { agents: rules } }) => {
  if (answers.agents === "no") return undefined;
  const applies = (/** @type {KitAgentRule | KitAgentSection} */ { when }) =>
    Object.entries(when).every(([question, options]) =>
      options.includes(answers[/** @type {keyof KitAnswers} */ (question)]),
    );
  const sections = rules.sections.filter(applies).map(({ title, lines }) => {
    const texts = lines.filter(applies).map(({ text }) => text);
    return `## ${title}\n\n${texts.join("\n")}`;
  });
  return {
    path: "AGENTS.md",
    text: `# ${[rules.title, rules.about, ...sections].join("\n\n")}\n`,
    kind: "file",
    note: "Each of these rules for coding agents follows from tests. Some agents need a setting before they read this file.",
  };
};
