// What the commands do on this side: secrets are typed into a terminal, never into the editor.

import {
  commands,
  ConfigurationTarget,
  Location,
  Position,
  ProcessExecution,
  Range,
  Task,
  TaskRevealKind,
  tasks,
  TaskScope,
  Uri,
  window,
  workspace,
} from "vscode";
import { environment, findProgram } from "./program";
import { Reports } from "./reports";
import { StatusBar } from "./status";
import { isTrusted } from "./trust";

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

/** Tell, once and with a way on, that the program is nowhere. */
export async function tellMissing(): Promise<void> {
  const settings = "Open Settings";
  const chosen = await window.showErrorMessage(
    "Strongroom is not installed, or not on the PATH. Install it with `pipx install strongroom`, or say where it is.",
    settings,
  );
  if (chosen === settings) {
    await commands.executeCommand("workbench.action.openSettings", "strongroom.path");
  }
}

/**
 * Run a command that asks for a secret. Its terminal stays when it ends, with what it said, and keeps the keys: whoever
 * types a secret again after a failure types it there, and not into the file.
 */
async function ask(name: string, args: string[], community: string | null): Promise<void> {
  const program = await findProgram();
  if (!program) {
    return tellMissing();
  }
  // Started without a shell: nothing has to be quoted.
  const execution = new ProcessExecution(program, args, { env: environment(community) });
  const task = new Task({ type: "strongroom" }, TaskScope.Workspace, name, "Strongroom", execution, []);
  task.presentationOptions = { reveal: TaskRevealKind.Always, focus: true, close: false, echo: false };
  await tasks.executeTask(task);
}

async function openApp(status: StatusBar): Promise<void> {
  if (!isTrusted()) {
    return; // the app obeys the folder's settings
  }
  const program = await findProgram();
  if (!program) {
    return tellMissing();
  }
  window.createTerminal({ name: "Strongroom", shellPath: program, env: environment(status.community) }).show();
}

async function askForName(): Promise<NameToCreate | undefined> {
  const name = await window.showInputBox({
    title: "New secret",
    prompt: "Its value is asked for in the terminal. One of many lines is passed on standard input instead.",
    validateInput: (text) =>
      NAME.test(text) ? undefined : "Use letters, digits and underscores; do not start with a digit.",
  });
  return name ? { name } : undefined;
}

/** The community that is meant; asked for where none is chosen. */
async function communityFor(entry: NameToCreate, status: StatusBar): Promise<string | undefined> {
  const known = entry.community ?? status.community;
  if (known) {
    return known;
  }
  return status.communities.length > 0
    ? window.showQuickPick(status.communities, { title: `The community of ${entry.name}` })
    : window.showInputBox({ title: `The community of ${entry.name}`, prompt: "Its first secret makes it." });
}

async function createSecret(given: NameToCreate | undefined, status: StatusBar): Promise<void> {
  if (!isTrusted()) {
    return;
  }
  const entry = given ?? (await askForName());
  if (!entry || !NAME.test(entry.name)) {
    return;
  }
  const community = await communityFor(entry, status);
  if (!community) {
    return;
  }
  const group = entry.kind === "variable" ? "variable" : "secret";
  await ask(entry.name, [group, "add", entry.name, "--community", community], community);
}

async function chooseCommunity(status: StatusBar): Promise<void> {
  if (!isTrusted()) {
    return; // the choice is kept in the workspace's settings, which do not count
  }
  if (!status.isTold) {
    const restart = "Restart";
    if ((await window.showWarningMessage("Strongroom: the language server is not running.", restart)) === restart) {
      await commands.executeCommand("strongroom.restart");
    }
    return;
  }
  if (status.communities.length === 0) {
    const create = "New Secret";
    const message = "Strongroom: there is no community yet. Adding a secret makes one.";
    if ((await window.showInformationMessage(message, create)) === create) {
      await createSecret(undefined, status);
    }
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
    "strongroom.openApp": () => openApp(status),
    "strongroom.createSecret": (given?: NameToCreate) => createSecret(given, status),
    "strongroom.chooseCommunity": () => chooseCommunity(status),
    "strongroom.showReport": (connector: string, page: string) => reports.show(connector, page),
    "strongroom.showReferences": showReferences,
  };
}
