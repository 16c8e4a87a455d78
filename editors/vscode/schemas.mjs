// Copies the schemas into the extension. Of the one for connector files only what helps to write: the language server
// reports each mistake itself, with its fix, and nobody wants to read it twice.

import { cpSync, readFileSync, writeFileSync } from "node:fs";

const FROM = "../schemas";
const TO = "schemas";
const CONNECTORS = `${TO}/connectors.schema.json`;

/** Keywords that only refuse. */
const REFUSING = new Set(["required", "pattern", "maxLength", "minItems"]);
/** Keywords whose members are named freely. */
const NAMED = new Set(["properties", "$defs"]);

function withoutMistakes(schema) {
  if (Array.isArray(schema)) return schema.map(withoutMistakes);
  if (schema === null || typeof schema !== "object") return schema;
  const kept = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (REFUSING.has(keyword)) continue;
    if (keyword === "if") kept.if = value; // it refuses nothing, and chooses what is offered
    else if (keyword === "enum") kept.examples = value.filter((one) => one !== null);
    else if (NAMED.has(keyword)) {
      kept[keyword] = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withoutMistakes(one)]));
    } else kept[keyword] = withoutMistakes(value);
  }
  return kept;
}

cpSync(FROM, TO, { recursive: true, filter: (file) => !file.endsWith(".py") });
writeFileSync(CONNECTORS, JSON.stringify(withoutMistakes(JSON.parse(readFileSync(CONNECTORS, "utf-8"))), null, 2));
