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

const KNOWLEDGE: Record<Status["knowledge"], (status: Status) => string> = {
  complete: (status) => `${status.names} names, from ${status.source}.`,
  partial: (status) => `${status.names} names, from ${status.source}. The list may be incomplete.`,
  none: () => "No list of names was found: unknown names are not reported.",
};

export class StatusBar {
  private readonly item: StatusBarItem;
  private latest: Status | undefined;

  constructor() {
    this.item = window.createStatusBarItem("strongroom.community", StatusBarAlignment.Right, 100);
    this.item.name = "Strongroom community";
    this.item.command = "strongroom.chooseCommunity";
    this.starting();
    this.item.show();
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
  }

  stopped(reason: string): void {
    this.item.text = "$(warning) Strongroom";
    this.item.tooltip = `Strongroom is not running: ${reason}`;
    this.item.backgroundColor = new ThemeColor("statusBarItem.warningBackground");
  }

  show(status: Status): void {
    this.latest = status;
    this.item.text = `$(key) ${status.community ?? "no community"}`;
    this.item.tooltip = new MarkdownString(`**Strongroom** ${KNOWLEDGE[status.knowledge](status)}`);
    this.item.backgroundColor = undefined;
  }

  dispose(): void {
    this.item.dispose();
  }
}
