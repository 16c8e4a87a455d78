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
}

/** The last value of each parameter, of this connector in this session of the editor. */
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

async function askFor({ uri, connector, parameters = [] }: Argument): Promise<Record<string, string> | undefined> {
  const values: Record<string, string> = {};
  for (const name of parameters) {
    const key = `${uri} ${connector} ${name}`;
    const value = await window.showInputBox({
      title: `Test ${connector}`,
      prompt: `The path parameter ${name}`,
      value: remembered.get(key) ?? "",
      ignoreFocusOut: true,
    });
    if (value === undefined) {
      return undefined;
    }
    remembered.set(key, value);
    values[name] = value;
  }
  return values;
}

export async function testConnection(client: LanguageClient, reports: Reports, given: unknown): Promise<void> {
  if (!isTrusted()) {
    return;
  }
  const argument = given as Argument;
  if (!(await save(argument.uri))) {
    return;
  }
  const pathParameters = await askFor(argument);
  if (!pathParameters) {
    return;
  }
  const { uri, connector } = argument;
  try {
    const page = await client.sendRequest<string | null>("workspace/executeCommand", {
      command: TEST_CONNECTION,
      arguments: [{ uri, connector, pathParameters, page: true }],
    });
    if (page) {
      await reports.show(connector, page);
    }
  } catch (error) {
    // Told here, once: the client would add that a request failed.
    void window.showErrorMessage(`Strongroom: ${error instanceof Error ? error.message : String(error)}`);
  }
}
