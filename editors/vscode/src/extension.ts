// Starts `strongroom lsp` and hands it the connector files. Everything else is the server's work.

import { commands, ExtensionContext, window, workspace } from "vscode";
import { LanguageClient, LanguageClientOptions, ServerOptions } from "vscode-languageclient/node";

let client: LanguageClient | undefined;

/** What the server takes as its options; an empty setting is one that was not set. */
function options(): { community: string | null; diagnostics: boolean } {
  const settings = workspace.getConfiguration("strongroom");
  return {
    community: settings.get<string>("community") || null,
    diagnostics: settings.get<boolean>("diagnostics", true),
  };
}

function makeClient(): LanguageClient {
  const command = workspace.getConfiguration("strongroom").get<string>("path") || "strongroom";
  const server: ServerOptions = { command, args: ["lsp"] };
  const clientOptions: LanguageClientOptions = {
    documentSelector: ["json", "jsonc"].flatMap((language) => [
      // Connector files, by name; and what has not been saved yet, because Code Mode's connector is pasted there.
      { scheme: "file", language, pattern: "**/*connectors{,_registry}.json" },
      { scheme: "untitled", language },
    ]),
    initializationOptions: options(),
  };
  return new LanguageClient("strongroom", "Strongroom", server, clientOptions);
}

async function start(): Promise<void> {
  client = makeClient();
  try {
    await client.start();
  } catch (error) {
    void window.showErrorMessage(
      `Strongroom could not be started (${error instanceof Error ? error.message : String(error)}). ` +
        "Install it, or set strongroom.path.",
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
  context.subscriptions.push(
    commands.registerCommand("strongroom.restart", async () => {
      await stop();
      await start();
    }),
    workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration("strongroom.path")) {
        await stop();
        await start();
      } else if (event.affectsConfiguration("strongroom")) {
        await client?.sendNotification("workspace/didChangeConfiguration", { settings: { strongroom: options() } });
      }
    }),
  );
  await start();
}

export function deactivate(): Promise<void> {
  return stop();
}
