// Evaluates GitHub's expressions with GitHub's own library.
import { data, Evaluator, Lexer, Parser } from "@actions/expressions";

/**
 * Return the texts with every ${{ }} replaced by its value.
 * @param {{ texts: string[], context: Record<string, unknown> }} argument
 */
export function replaced({ texts, context }) {
  const names = Object.keys(context);
  const values = new data.Dictionary(
    ...names.map((key) => ({ key, value: JSON.parse(JSON.stringify(context[key]), data.reviver) })),
  );
  /** @param {string} expression */
  const evaluate = (expression) => {
    const { tokens } = new Lexer(expression).lex();
    const tree = new Parser(tokens, names, []).parse();
    return new Evaluator(tree, values).evaluate().coerceString();
  };
  return texts.map((text) =>
    text.replace(/\$\{\{(.*?)\}\}/gs, (_, expression) => evaluate(expression.trim())),
  );
}
