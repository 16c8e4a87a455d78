// Where the `strongroom` program is, and the environment in which it means what the editor shows.

import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";
import { workspace } from "vscode";

const ENDINGS = process.platform === "win32" ? [".exe", ".cmd", ""] : [""];

async function runnable(path: string): Promise<string | undefined> {
  for (const ending of ENDINGS) {
    try {
      await access(path + ending, constants.X_OK);
      return path + ending;
    } catch {
      continue;
    }
  }
  return undefined;
}

/** The folders to look in: the PATH; the workspace's Python environment, once it is trusted; where pipx and uv install. */
function folders(): string[] {
  const bin = process.platform === "win32" ? "Scripts" : "bin";
  const environments = workspace.isTrusted
    ? (workspace.workspaceFolders ?? []).map((folder) => join(folder.uri.fsPath, ".venv", bin))
    : [];
  return [...(process.env.PATH ?? "").split(delimiter), ...environments, join(homedir(), ".local", "bin")];
}

/** The program, or undefined where it is nowhere. */
export async function findProgram(): Promise<string | undefined> {
  const set = workspace.getConfiguration("strongroom").get<string>("path") || "strongroom";
  if (isAbsolute(set)) {
    return runnable(set);
  }
  for (const folder of folders().filter(Boolean)) {
    const found = await runnable(join(folder, set));
    if (found) {
      return found;
    }
  }
  return undefined;
}

/** The vault and the community that the editor shows, for a program that runs beside the server. */
export function environment(community: string | null): Record<string, string> {
  const vault = workspace.getConfiguration("strongroom").get<string>("vault");
  return {
    ...(vault ? { STRONGROOM_VAULT: vault } : {}),
    ...(community ? { STRONGROOM_COMMUNITY: community } : {}),
  };
}
