// The language client: which files the server is asked about, and what it is told at the start.

import { workspace } from "vscode";
import { LanguageClient, LanguageClientOptions, ServerOptions } from "vscode-languageclient/node";
import { TEST_CONNECTION } from "./testing";

/** Commands that a code action, lens or completion of the server may name, because they are run here. */
export const CLIENT_COMMANDS = [
  "strongroom.createSecret",
  "strongroom.showReport",
  "strongroom.showReferences",
  "editor.action.triggerSuggest",
];

/** What the server takes as its settings; an empty text is a setting that was not set. */
export function settings(): Record<string, unknown> {
  const section = workspace.getConfiguration("strongroom");
  return {
    community: section.get<string>("community") || null,
    vault: section.get<string>("vault") || null,
    diagnostics: section.get<boolean>("diagnostics", true),
    // VS Code's own JSON server marks syntax errors already.
    jsonSyntax: section.get<boolean>("jsonSyntax", false),
    // And it completes and explains keys, by the schema that the extension brings.
    jsonKeys: section.get<boolean>("jsonKeys", false),
    inlayHints: section.get<boolean>("inlayHints", true),
    codeLens: section.get<boolean>("codeLens", true),
  };
}

/** The code of widgets, which calls connectors. */
const CODE = "**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx,vue,svelte,html,htm}";

/**
 * `test` runs the command behind the lens "Test connection". With `withCode` the server is asked about the code of
 * widgets as well.
 */
export function makeClient(
  program: string,
  test: (argument: unknown) => Promise<void>,
  withCode: boolean,
): LanguageClient {
  const server: ServerOptions = { command: program, args: ["lsp"] };
  const options: LanguageClientOptions = {
    documentSelector: [
      ...["json", "jsonc"].flatMap((language) => [
        // Connector files, by name; and what has not been saved yet, because Code Mode's connector is pasted there.
        { scheme: "file", language, pattern: "**/*connectors{,_registry}.json" },
        { scheme: "untitled", language },
      ]),
      { scheme: "file", pattern: "**/*.tests.toml" },
      ...(withCode ? [{ scheme: "file", pattern: CODE }] : []),
    ],
    // Whether the workspace is trusted is told here and by `tellTrusted`; no setting can say it.
    initializationOptions: { ...settings(), status: true, commands: CLIENT_COMMANDS, trusted: workspace.isTrusted },
    middleware: {
      executeCommand: (command, given, next) =>
        command === TEST_CONNECTION ? test(given[0]) : next(command, given),
    },
  };
  return new LanguageClient("strongroom", "Strongroom", server, options);
}
