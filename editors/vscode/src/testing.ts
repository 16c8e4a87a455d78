// The lens "Test connection": what is on the screen is saved, what the run needs is asked for, its report is shown.

import { Uri, window, workspace } from "vscode";
import { LanguageClient } from "vscode-languageclient/node";
import { Reports } from "./reports";
import { isTrusted } from "./trust";

export const TEST_CONNECTION = "strongroom.testConnection";

interface Argument {
  uri: string;
  connector: string;
  parameters?: string[];
  inputs?: ("payload" | "user")[];
}

/** What a run takes from its caller. Without any, the connector's test cases are run. */
interface Inputs {
  pathParameters: Record<string, string>;
  payload?: string;
  user?: string;
}

const PROMPTS = {
  payload: "The incoming body: text, or @file. Empty: no body",
  user: "The caller: sample, anonymous, an email address, an id, or @file.json. Empty: sample",
};

/** The last value of each input, of this connector in this session of the editor. */
const remembered = new Map<string, string>();

/** Save the connector's file and the open test cases: the program reads files. */
async function save(uri: string): Promise<boolean> {
  const shown = Uri.parse(uri).toString();
  const dirty = workspace.textDocuments.filter(
    (one) => one.isDirty && (one.uri.toString() === shown || one.fileName.endsWith(".tests.toml")),
  );
  for (const document of dirty) {
    if (!(await document.save())) {
      return false; // the editor has said why
    }
  }
  return true;
}

/** Ask for one input; undefined where the person pressed Escape. */
async function ask({ uri, connector }: Argument, name: string, prompt: string): Promise<string | undefined> {
  const key = `${uri} ${connector} ${name}`;
  const value = await window.showInputBox({
    title: `Test ${connector}`,
    prompt,
    value: remembered.get(key) ?? "",
    ignoreFocusOut: true,
  });
  if (value !== undefined) {
    remembered.set(key, value);
  }
  return value;
}

async function askFor(argument: Argument): Promise<Inputs | undefined> {
  const given: Inputs = { pathParameters: {} };
  for (const name of argument.parameters ?? []) {
    const value = await ask(argument, `path:${name}`, `The path parameter ${name}`);
    if (value === undefined) {
      return undefined;
    }
    given.pathParameters[name] = value;
  }
  for (const name of argument.inputs ?? []) {
    const value = await ask(argument, name, PROMPTS[name]);
    if (value === undefined) {
      return undefined;
    }
    given[name] = value;
  }
  return given;
}

export async function testConnection(client: LanguageClient, reports: Reports, given: unknown): Promise<void> {
  if (!isTrusted()) {
    return;
  }
  const argument = given as Argument;
  if (!(await save(argument.uri))) {
    return;
  }
  const inputs = await askFor(argument);
  if (!inputs) {
    return;
  }
  const { uri, connector } = argument;
  try {
    const page = await client.sendRequest<string | null>("workspace/executeCommand", {
      command: TEST_CONNECTION,
      arguments: [{ uri, connector, ...inputs, page: true }],
    });
    if (page) {
      await reports.show(connector, page);
    }
  } catch (error) {
    // Told here, once: the client would add that a request failed.
    void window.showErrorMessage(`Strongroom: ${error instanceof Error ? error.message : String(error)}`);
  }
}
