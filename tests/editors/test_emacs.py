"""Emacs with the files of editors/emacs: see a mistake in a connector file, and leave other JSON alone."""

import json
import os
import shutil
import subprocess
import sys

import pytest

EMACS = shutil.which("emacs")
pytestmark = pytest.mark.skipif(EMACS is None, reason="Emacs is not installed")

EGLOT = """
(setq strongroom-command (list (getenv "PYTHON") "-m" "strongroom_lsp") eglot-autoshutdown nil
      eglot-sync-connect 30)
(load (getenv "CONFIG"))
(setq strongroom-mode-hook nil)         ; eglot-ensure waits for a command, which batch mode never sees
(defun until (what condition)
  (let ((end (+ (float-time) 30)))
    (while (not (funcall condition))
      (when (> (float-time) end) (error "waited in vain for %s" what))
      (accept-process-output nil 0.05))))
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
    (with-temp-file (getenv "REPORT") (insert (json-encode report)))))
(eglot-shutdown (eglot-current-server))
"""


def has_package(name):
    done = subprocess.run(
        [EMACS, "--batch", "-q", "--eval", f"(progn (package-initialize) (require '{name}))"],
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    return done.returncode == 0


def run(tmp_path, connector_file, config, script):
    path, report = tmp_path / "script.el", tmp_path / "report.json"
    path.write_text(";;; -*- lexical-binding: t; -*-\n" + script)
    done = subprocess.run(
        [EMACS, "--batch", "-q", "--eval", "(package-initialize)", "-l", path],
        capture_output=True, text=True, timeout=90, check=False, cwd=connector_file.parent,
        env={**os.environ, "REPORT": str(report), "CONFIG": str(config), "FILE": str(connector_file),
             "OTHER": str(connector_file.parent / "package.json"), "PYTHON": sys.executable},
    )  # fmt: skip
    assert report.exists(), done.stderr
    return json.loads(report.read_text())


def test_eglot_shows_the_finding_at_its_text(tmp_path, connector_file, editors):
    if not has_package("eglot"):
        pytest.skip("eglot is not installed")
    told = run(tmp_path, connector_file, editors / "emacs" / "strongroom-eglot.el", EGLOT)
    assert told["other"] != "strongroom-mode"
    assert (told["mode"], told["language"]) == ("strongroom-mode", "json")
    assert "api_key" in told["text"]
    assert len(told["text"]) <= len('\\"api_key\\"')
    assert "quotes" in told["message"]


LSP_MODE = """
(load (getenv "CONFIG"))
(let ((client (gethash 'strongroom lsp-clients)))
  (with-temp-file (getenv "REPORT")
    (insert (json-encode
             `((command . ,(funcall (plist-get (lsp--client-new-connection client) :test?)))
               (ours . ,(and (funcall (lsp--client-activation-fn client) "/a/widgets/x/connectors.json" nil) t))
               (other . ,(and (funcall (lsp--client-activation-fn client) "/a/package.json" nil) t)))))))
"""


def test_lsp_mode_takes_the_client_for_connector_files_only(tmp_path, connector_file, editors):
    if not has_package("lsp-mode"):
        pytest.skip("lsp-mode is not installed")
    told = run(tmp_path, connector_file, editors / "emacs" / "strongroom-lsp-mode.el", LSP_MODE)
    assert told["ours"] is True
    assert told["other"] is None
