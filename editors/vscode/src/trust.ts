// Restricted Mode: what sends secrets, changes the vault or obeys the folder's settings says why it does nothing.

import { commands, window, workspace } from "vscode";
import { LanguageClient } from "vscode-languageclient/node";

/** Whether the workspace is trusted; where it is not, the person is told once, with the way to trust it. */
export function isTrusted(): boolean {
  if (!workspace.isTrusted) {
    void explain();
  }
  return workspace.isTrusted;
}

async function explain(): Promise<void> {
  const manage = "Manage Workspace Trust";
  const message = "Strongroom: this folder is not trusted, so nothing is sent and the vault is not changed.";
  if ((await window.showWarningMessage(message, manage)) === manage) {
    await commands.executeCommand("workbench.trust.manage");
  }
}

/** Tell the running server that the person trusts the workspace now. */
export async function tellTrusted(client: LanguageClient): Promise<void> {
  try {
    await client.sendNotification("strongroom/trusted", { trusted: true });
  } catch {
    // It does not run; it is told when it starts.
  }
}
