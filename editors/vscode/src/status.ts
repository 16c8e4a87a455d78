// The status bar: the community whose names are meant, and how much is known of them.

import { MarkdownString, StatusBarAlignment, StatusBarItem, ThemeColor, window } from "vscode";

/** What the server's notification `strongroom/status` says. */
export interface Status {
  community: string | null;
  communities: string[];
  knowledge: "complete" | "partial" | "none";
  names: number;
  source: string;
}

/** Why nothing is known: a state in which names are not checked must not look like one in which they are. */
function unknown(status: Status): string {
  if (status.community === null && status.communities.length > 0) {
    return "No community is chosen, so names are not checked. Click to choose one.";
  }
  if (status.community !== null && status.communities.length > 0) {
    return `Nobody knows the community ${status.community}, so names are not checked. Click to choose one.`;
  }
  return "There is no list of names, so names are not checked. The first secret makes a list.";
}

const KNOWLEDGE: Record<Status["knowledge"], (status: Status) => string> = {
  complete: (status) => `${status.names} names, from ${status.source}.`,
  partial: (status) => `${status.names} names, from ${status.source}. The list may be incomplete.`,
  none: unknown,
};

export class StatusBar {
  private readonly item: StatusBarItem;
  private latest: Status | undefined;

  constructor() {
    this.item = window.createStatusBarItem("strongroom.community", StatusBarAlignment.Right, 100);
    this.item.name = "Strongroom community";
    this.item.command = "strongroom.chooseCommunity";
  }

  /** Whether the server has told its status, and runs. */
  get isTold(): boolean {
    return this.latest !== undefined;
  }

  get communities(): string[] {
    return this.latest?.communities ?? [];
  }

  get community(): string | null {
    return this.latest?.community ?? null;
  }

  starting(): void {
    this.item.text = "$(key) Strongroom";
    this.item.tooltip = "Strongroom: starting";
    this.item.backgroundColor = undefined;
    this.latest = undefined;
    this.item.show();
  }

  stopped(reason: string): void {
    this.latest = undefined;
    this.item.text = "$(warning) Strongroom";
    this.item.tooltip = `Strongroom is not running: ${reason}`;
    this.item.backgroundColor = new ThemeColor("statusBarItem.warningBackground");
  }

  show(status: Status): void {
    this.latest = status;
    const isChecked = status.knowledge !== "none";
    const told = KNOWLEDGE[status.knowledge](status);
    this.item.text = `${isChecked ? "$(key)" : "$(warning)"} ${status.community ?? "no community"}`;
    this.item.tooltip = new MarkdownString(`**Strongroom** ${told}`);
    this.item.accessibilityInformation = { label: `Strongroom: ${told}` };
    this.item.backgroundColor = isChecked ? undefined : new ThemeColor("statusBarItem.warningBackground");
  }

  dispose(): void {
    this.item.dispose();
  }
}
