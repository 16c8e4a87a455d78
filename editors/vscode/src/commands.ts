// What the commands do on this side: secrets are typed into a terminal, never into the editor.

import { commands, ConfigurationTarget, Location, Position, Range, Uri, window, workspace } from "vscode";
import { program } from "./client";
import { Reports } from "./reports";
import { StatusBar } from "./status";

interface NameToCreate {
  name: string;
  kind?: "secret" | "variable";
  community?: string | null;
}

interface LspPosition {
  line: number;
  character: number;
}

interface LspLocation {
  uri: string;
  range: { start: LspPosition; end: LspPosition };
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

function terminal(name: string, args: string[]): void {
  // The program is started itself, without a shell: nothing has to be quoted.
  window.createTerminal({ name, shellPath: program(), shellArgs: args }).show();
}

async function askForName(): Promise<NameToCreate | undefined> {
  const name = await window.showInputBox({
    title: "New secret",
    prompt: "Its value is asked for in the terminal.",
    validateInput: (text) =>
      NAME.test(text) ? undefined : "Use letters, digits and underscores; do not start with a digit.",
  });
  return name ? { name } : undefined;
}

async function createSecret(given: NameToCreate | undefined, status: StatusBar): Promise<void> {
  const entry = given ?? (await askForName());
  if (!entry || !NAME.test(entry.name)) {
    return;
  }
  const community = entry.community ?? status.community;
  const group = entry.kind === "variable" ? "variable" : "secret";
  terminal(`Strongroom: ${entry.name}`, [
    group,
    "add",
    entry.name,
    ...(community ? ["--community", community] : []),
  ]);
}

async function chooseCommunity(status: StatusBar): Promise<void> {
  if (status.communities.length === 0) {
    void window.showInformationMessage("There is no community yet. Adding a secret makes one.");
    return;
  }
  const picked = await window.showQuickPick(status.communities, { title: "Community" });
  if (picked) {
    const target = workspace.workspaceFolders ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
    await workspace.getConfiguration("strongroom").update("community", picked, target);
  }
}

function toPosition(position: LspPosition): Position {
  return new Position(position.line, position.character);
}

function showReferences(uri: string, position: LspPosition, places: LspLocation[]): Thenable<unknown> {
  const locations = places.map(
    ({ uri: file, range }) => new Location(Uri.parse(file), new Range(toPosition(range.start), toPosition(range.end))),
  );
  return commands.executeCommand("editor.action.showReferences", Uri.parse(uri), toPosition(position), locations);
}

/** Each command by its name; `strongroom.restart` is the caller's, who owns the client. */
export function handlers(status: StatusBar, reports: Reports): Record<string, (...args: never[]) => unknown> {
  return {
    "strongroom.openApp": () => terminal("Strongroom", []),
    "strongroom.createSecret": (given?: NameToCreate) => createSecret(given, status),
    "strongroom.chooseCommunity": () => chooseCommunity(status),
    "strongroom.showReport": (connector: string, report: unknown) => reports.show(connector, report),
    "strongroom.showReferences": showReferences,
  };
}
