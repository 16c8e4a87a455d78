// Starts `strongroom lsp` and keeps it running. What is right or wrong in a file is the server's work.

import { commands, ExtensionContext, TextDocument, workspace } from "vscode";
import { LanguageClient, State } from "vscode-languageclient/node";
import { makeClient, settings } from "./client";
import { handlers, tellMissing } from "./commands";
import { findProgram } from "./program";
import { Reports, SCHEME } from "./reports";
import { Status, StatusBar } from "./status";
import { testConnection } from "./testing";
import { tellTrusted } from "./trust";

let client: LanguageClient | undefined;
let isMissing = false;

async function start(status: StatusBar, reports: Reports): Promise<void> {
  status.starting();
  const program = await findProgram();
  isMissing = !program;
  if (!program) {
    status.stopped("the program was not found.");
    void tellMissing();
    return;
  }
  const starting: LanguageClient = makeClient(
    program,
    (argument) => testConnection(starting, reports, argument),
    await has("**/{connectors_registry,widgets/*/connectors}.json"),
  );
  client = starting;
  starting.onNotification("strongroom/status", (told: Status) => status.show(told));
  starting.onDidChangeState(({ newState }) => {
    if (newState === State.Stopped && client === starting) {
      status.stopped("the language server ended. Run “Strongroom: Restart the Language Server”.");
    }
  });
  try {
    await starting.start();
  } catch (error) {
    status.stopped(error instanceof Error ? error.message : String(error)); // the client has said it
  }
}

/** Whether the server has something to say about a document; other JSON is no reason to start it. */
function isOurs({ uri, languageId, fileName }: TextDocument): boolean {
  return (
    (uri.scheme === "untitled" && ["json", "jsonc"].includes(languageId)) ||
    (uri.scheme === "file" && /connectors(_registry)?\.json$|\.tests\.toml$/.test(fileName))
  );
}

/** Whether the workspace has a file of this pattern, outside of folders with other people's files. */
async function has(pattern: string): Promise<boolean> {
  return (await workspace.findFiles(pattern, "**/node_modules/**", 1)).length > 0;
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  if (running?.isRunning()) {
    await running.stop();
  }
}

export async function activate(context: ExtensionContext): Promise<void> {
  const status = new StatusBar();
  const reports = new Reports();
  const restart = async (): Promise<void> => {
    await stop();
    await start(status, reports);
  };
  context.subscriptions.push(
    status,
    reports,
    workspace.registerTextDocumentContentProvider(SCHEME, reports),
    commands.registerCommand("strongroom.restart", restart),
    ...Object.entries(handlers(status, reports)).map(([name, run]) => commands.registerCommand(name, run)),
    workspace.onDidGrantWorkspaceTrust(async () => {
      if (client) {
        await tellTrusted(client);
      } else if (isMissing) {
        await restart(); // the workspace's own Python environment may have it
      }
    }),
    workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration("strongroom.path")) {
        await restart();
      } else if (event.affectsConfiguration("strongroom")) {
        await client?.sendNotification("workspace/didChangeConfiguration", { settings: { strongroom: settings() } });
      }
    }),
  );
  if (workspace.textDocuments.some(isOurs) || (await has("{connectors_registry.json,widgets/*/connectors.json,strongroom.toml}"))) {
    await start(status, reports);
    return;
  }
  const waiting = workspace.onDidOpenTextDocument((document) => {
    if (isOurs(document)) {
      waiting.dispose();
      void start(status, reports);
    }
  });
  context.subscriptions.push(waiting);
}

export function deactivate(): Promise<void> {
  return stop();
}
