// Reports of test runs, as read-only Markdown. A report holds literals in place of secrets.

import { EventEmitter, TextDocumentContentProvider, Uri, ViewColumn, window, workspace } from "vscode";

export const SCHEME = "strongroom-report";

export class Reports implements TextDocumentContentProvider {
  private readonly pages = new Map<string, string>();
  private readonly changes = new EventEmitter<Uri>();
  readonly onDidChange = this.changes.event;

  provideTextDocumentContent(uri: Uri): string {
    return this.pages.get(uri.path) ?? "";
  }

  /** Show a report beside the connector file; a second run of the same connector replaces the first. */
  async show(connector: string, page: string): Promise<void> {
    const uri = Uri.from({ scheme: SCHEME, path: `/${connector.replaceAll("/", "-") || "report"}.md` });
    this.pages.set(uri.path, page);
    this.changes.fire(uri);
    const document = await workspace.openTextDocument(uri);
    await window.showTextDocument(document, { viewColumn: ViewColumn.Beside, preserveFocus: true, preview: true });
  }

  dispose(): void {
    this.changes.dispose();
  }
}
