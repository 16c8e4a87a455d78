// Starts `strongroom lsp` and keeps it running. What is right or wrong in a file is the server's work.

import { commands, ExtensionContext, window, workspace } from "vscode";
import { LanguageClient, State } from "vscode-languageclient/node";
import { makeClient, settings } from "./client";
import { handlers } from "./commands";
import { Reports, SCHEME } from "./reports";
import { Status, StatusBar } from "./status";

let client: LanguageClient | undefined;

async function start(status: StatusBar, reports: Reports): Promise<void> {
  status.starting();
  const starting = makeClient((connector, report) => reports.show(connector, report));
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
    const reason = error instanceof Error ? error.message : String(error);
    status.stopped(reason);
    void window.showErrorMessage(
      `Strongroom could not be started (${reason}). Install it, or set strongroom.path.`,
    );
  }
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
    workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration("strongroom.path")) {
        await restart();
      } else if (event.affectsConfiguration("strongroom")) {
        await client?.sendNotification("workspace/didChangeConfiguration", { settings: { strongroom: settings() } });
      }
    }),
  );
  await start(status, reports);
}

export function deactivate(): Promise<void> {
  return stop();
}
