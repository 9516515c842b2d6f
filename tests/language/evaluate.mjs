// Runs programs on records for the tests: a JSON text on each line of standard input is a request,
// a line of standard output is its answer.
//
//   {"world": {"deal": [row, …]}}                        keeps the records that links lead to
//   {"programs": [[kind, program], …], "cases": [case]}  answers a list of values for each program
//
// A case has `row`, `given` and `roots`; its days begin as in UTC.

import { createInterface } from "node:readline";
import { compile, compileCondition } from "../../ui/loomwork_ui/static/js/expressions/evaluate.js";
import { write } from "../../ui/loomwork_ui/static/js/expressions/values.js";

/** @type {Record<string, Map<string, object>>} */
let world = {};
/** @type {Map<string, object[]>} */
let linking = new Map();

const relations = {
  linked: (entity, id) => world[entity]?.get(id) ?? null,
  linking: (entity, link, id) => linking.get(`${entity} ${link} ${id}`) ?? [],
};

function keep(rows) {
  world = {};
  linking = new Map();
  for (const [entity, records] of Object.entries(rows)) {
    world[entity] = new Map(records.map((row) => [row.id, row]));
    for (const row of records) {
      for (const [link, id] of Object.entries(row)) {
        const key = `${entity} ${link} ${id}`;
        linking.set(key, [...(linking.get(key) ?? []), row]);
      }
    }
  }
  return true;
}

function values([kind, program], cases) {
  const startOfDay = (day) => `${day}T00:00:00Z`;
  const evaluate = kind === "condition" ? compileCondition(program) : compile(program);
  return cases.map(({ row, given, roots }) => {
    const value = evaluate(row, { given, roots, relations, startOfDay });
    return kind === "condition" ? value : write(kind, value);
  });
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  const answer = request.world
    ? keep(request.world)
    : request.programs.map((program) => values(program, request.cases));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
