"""Emacs with the files of editors/emacs: see a mistake in a connector file, and leave other JSON alone."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from editors_support import LIFETIME, PATIENCE, WIDGET

EMACS = shutil.which("emacs")
pytestmark = pytest.mark.skipif(EMACS is None, reason="Emacs is not installed")

COMMON = """
(defun until (what condition)
  (let ((end (+ (float-time) (string-to-number (getenv "PATIENCE")))))
    (while (not (funcall condition))
      (when (> (float-time) end) (error "waited in vain for %s" what))
      (accept-process-output nil 0.05))))
"""

EGLOT = (
    COMMON
    + """
(setq strongroom-command (list (getenv "PYTHON") "-m" "strongroom_lsp") eglot-autoshutdown nil
      eglot-sync-connect (string-to-number (getenv "PATIENCE")) eglot-connect-timeout eglot-sync-connect
      eglot-confirm-server-initiated-edits nil)
(load (getenv "CONFIG"))
(setq strongroom-mode-hook nil)         ; eglot-ensure waits for a command, which batch mode never sees
(find-file (getenv "OTHER"))
(let ((other major-mode))
  (find-file (getenv "FILE"))
  (apply #'eglot (eglot--guess-contact))
  (until "diagnostics" (lambda () (flymake-start) (flymake-diagnostics)))
  (let* ((found (car (flymake-diagnostics)))
         (report `((other . ,(symbol-name other))
                   (mode . ,(symbol-name major-mode))
                   (language . ,(eglot--language-id (eglot-current-server)))
                   (text . ,(buffer-substring-no-properties (flymake-diagnostic-beg found)
                                                            (flymake-diagnostic-end found)))
                   (message . ,(flymake-diagnostic-text found)))))
    ;; Complete inside the quotes.
    (goto-char (point-min))
    (search-forward "api_")
    (let* ((capf (eglot-completion-at-point))
           (names (all-completions "" (nth 2 capf))))
      (push `(names . ,(vconcat names)) report))
    ;; Apply the fix by its title, as a person picks it.
    (goto-char (flymake-diagnostic-beg found))
    (let ((actions (eglot-code-actions (flymake-diagnostic-beg found) (flymake-diagnostic-end found) "quickfix")))
      (eglot--apply-workspace-edit (plist-get (elt actions 0) :edit)))
    (push `(fixed . ,(buffer-string)) report)
    (eglot--signal-textDocument/didChange) ; an idle timer does it, and batch mode is never idle
    (until "the fixed one to go" (lambda () (flymake-start) (= 1 (length (flymake-diagnostics)))))
    ;; Another program creates the secret that is missing.
    (with-temp-buffer
      (insert "made-up")
      (call-process-region nil nil (getenv "PYTHON") nil nil nil
                           "-m" "strongroom_cli" "secret" "add" "later" "--community" "production"))
    (until "the unknown one to go" (lambda () (flymake-start) (not (flymake-diagnostics))))
    ;; Rename the other one, here, in a file that is not open and in the vault.
    (goto-char (point-min))
    (search-forward "api_")
    (cl-letf (((symbol-function 'y-or-n-p) (lambda (&rest _) t)))
      (eglot-rename "orders_key"))
    (save-some-buffers t)
    (with-temp-file (getenv "REPORT") (insert (json-encode report)))))
(eglot-shutdown (eglot-current-server))
"""
)


def has_package(name):
    done = subprocess.run(
        [EMACS, "--batch", "-q", "--eval", f"(progn (package-initialize) (require '{name}))"],
        capture_output=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    return done.returncode == 0


def run(tmp_path, connector_file, config, script):
    path, report = tmp_path / "script.el", tmp_path / "report.json"
    path.write_text(";;; -*- lexical-binding: t; -*-\n" + script)
    done = subprocess.run(
        [EMACS, "--batch", "-q", "--eval", "(package-initialize)", "-l", path],
        capture_output=True, text=True, timeout=LIFETIME, check=False, cwd=connector_file.parent,
        env={**os.environ, "REPORT": str(report), "CONFIG": str(config), "FILE": str(connector_file),
             "OTHER": str(connector_file.parent / "package.json"), "PYTHON": sys.executable,
             "PATIENCE": str(PATIENCE)},
    )  # fmt: skip
    assert report.exists(), done.stderr
    return json.loads(report.read_text())


def test_a_person_mends_a_file_with_eglot(tmp_path, work, editors):
    if not has_package("eglot"):
        pytest.skip("eglot is not installed")
    (work / "package.json").write_text('{"name": "x"}')
    told = run(tmp_path, work / "connectors_registry.json", editors / "emacs" / "strongroom-eglot.el", EGLOT)
    assert told["other"] != "strongroom-mode"
    assert (told["mode"], told["language"]) == ("strongroom-mode", "json")
    assert "api_key" in told["text"]
    assert len(told["text"]) <= len('\\"api_key\\"')
    assert "quotes" in told["message"]
    assert "api_key" in told["names"]
    assert "get_secret('api_key')" in told["fixed"]
    assert "get_secret('orders_key')" in (work / "connectors_registry.json").read_text()
    assert (work / "widgets" / "mine" / "connectors.json").read_text() == WIDGET.replace(
        "api_key", "orders_key"
    )


LSP_MODE = """
(load (getenv "CONFIG"))
(let ((client (gethash 'strongroom lsp-clients)))
  (with-temp-file (getenv "REPORT")
    (insert (json-encode
             `((command . ,(funcall (plist-get (lsp--client-new-connection client) :test?)))
               (ours . ,(and (funcall (lsp--client-activation-fn client) "/a/widgets/x/connectors.json" nil) t))
               (tests . ,(and (funcall (lsp--client-activation-fn client) "/a/orders.tests.toml" nil) t))
               (other . ,(and (funcall (lsp--client-activation-fn client) "/a/package.json" nil) t)))))))
"""


def test_lsp_mode_takes_the_client_for_connector_files_only(tmp_path, connector_file, editors):
    if not has_package("lsp-mode"):
        pytest.skip("lsp-mode is not installed")
    told = run(tmp_path, connector_file, editors / "emacs" / "strongroom-lsp-mode.el", LSP_MODE)
    assert (told["ours"], told["tests"]) == (True, True)
    assert told["other"] is None


LSP_SESSION = (
    COMMON
    + """
(load (getenv "CONFIG"))
(setq strongroom-lsp-command (list (getenv "PYTHON") "-m" "strongroom_lsp")
      lsp-auto-guess-root t lsp-restart 'ignore lsp-enable-file-watchers nil lsp-enable-snippet nil
      lsp-diagnostics-provider :none lsp-headerline-breadcrumb-enable nil lsp-auto-configure nil
      lsp-session-file (concat (getenv "REPORT") ".session"))
(setq find-file-hook nil)               ; lsp-deferred waits for a window, which batch mode never has
(find-file (getenv "FILE"))
(js-mode)
(lsp)
(defun found () (gethash (lsp--fix-path-casing buffer-file-name) (lsp-diagnostics)))
(until "diagnostics" #'found)
(let* ((found (car (found)))
       (range (lsp:diagnostic-range found))
       (text (buffer-substring-no-properties (lsp--position-to-point (lsp:range-start range))
                                             (lsp--position-to-point (lsp:range-end range)))))
  (with-temp-file (getenv "REPORT")
    (insert (json-encode `((text . ,text) (code . ,(lsp:diagnostic-code? found)))))))
(kill-emacs 0)
"""
)


def test_lsp_mode_shows_the_finding_at_its_text(tmp_path, connector_file, editors):
    if not has_package("lsp-mode"):
        pytest.skip("lsp-mode is not installed")
    told = run(tmp_path, connector_file, editors / "emacs" / "strongroom-lsp-mode.el", LSP_SESSION)
    assert told["code"] == "secret-quotes"
    assert "api_key" in told["text"]
