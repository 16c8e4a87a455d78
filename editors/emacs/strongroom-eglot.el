;;; strongroom-eglot.el --- Strongroom's language server with eglot  -*- lexical-binding: t; -*-

;; Emacs 26.3 and newer with eglot (part of Emacs since 29).  In your init file:
;;     (load "/path/to/strongroom-eglot.el")

;;; Code:

(require 'eglot)

(defgroup strongroom nil
  "Checks for connector files."
  :group 'tools)

(defcustom strongroom-command '("strongroom" "lsp")
  "The command that starts the language server."
  :type '(repeat string))

;; A mode of its own, so that the server is asked about connector files and about no other JSON.
(define-derived-mode strongroom-mode js-mode "Connectors"
  "Major mode for connector files."
  (setq-local js-indent-level 2))

(put 'strongroom-mode 'eglot-language-id "json")

;; After `define-derived-mode', and before the entry for .json.
(add-to-list 'auto-mode-alist
             '("connectors\\(?:_registry\\)?\\.json\\'" . strongroom-mode))

;; Test cases beside them, in the mode for TOML that Emacs has (conf-toml-mode, since 26).
(define-derived-mode strongroom-tests-mode conf-toml-mode "Tests"
  "Major mode for test cases of connectors.")

(put 'strongroom-tests-mode 'eglot-language-id "toml")
(add-to-list 'auto-mode-alist '("\\.tests\\.toml\\'" . strongroom-tests-mode))

(add-to-list 'eglot-server-programs (cons '(strongroom-mode strongroom-tests-mode) (lambda (&rest _) strongroom-command)))

;; Of several answers ElDoc shows the first by default, which is the signature: show the mistake first, then the rest.
(defun strongroom-show-mistakes-first ()
  "Let the echo area show findings, hover and signature together."
  (when (derived-mode-p 'strongroom-mode 'strongroom-tests-mode)
    (setq-local eldoc-documentation-strategy #'eldoc-documentation-compose)
    (setq-local eldoc-documentation-functions
                (cons #'flymake-eldoc-function
                      (remq 'flymake-eldoc-function eldoc-documentation-functions)))))

(add-hook 'eglot-managed-mode-hook #'strongroom-show-mistakes-first 90)

(add-hook 'strongroom-mode-hook #'eglot-ensure)
(add-hook 'strongroom-tests-mode-hook #'eglot-ensure)

(provide 'strongroom-eglot)
;;; strongroom-eglot.el ends here
