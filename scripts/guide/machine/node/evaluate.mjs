// Evaluates GitHub's expressions with GitHub's own library. Reads {texts, context} as JSON and
// writes the texts, each a list of strings, with every ${{ }} replaced by its value.
import { readFileSync } from "node:fs";
import { Evaluator, Lexer, Parser, data } from "@actions/expressions";

const { texts, context } = JSON.parse(readFileSync(0, "utf8"));
const names = Object.keys(context);
const values = new data.Dictionary(
  ...names.map((key) => ({ key, value: JSON.parse(JSON.stringify(context[key]), data.reviver) })),
);

function evaluate(expression) {
  const { tokens } = new Lexer(expression).lex();
  const tree = new Parser(tokens, names, []).parse();
  return new Evaluator(tree, values).evaluate().coerceString();
}

const replaced = texts.map((text) => text.replace(/\$\{\{(.*?)\}\}/gs, (_, each) => evaluate(each.trim())));
process.stdout.write(JSON.stringify(replaced));
