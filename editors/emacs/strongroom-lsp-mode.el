;;; strongroom-lsp-mode.el --- Strongroom's language server with lsp-mode  -*- lexical-binding: t; -*-

;; In your init file:
;;     (load "/path/to/strongroom-lsp-mode.el")

;;; Code:

(require 'lsp-mode)

(defcustom strongroom-lsp-command '("strongroom" "lsp")
  "The command that starts the language server."
  :type '(repeat string)
  :group 'lsp-mode)

(defun strongroom-lsp-file-p (file &rest _)
  "Whether FILE is a connector file, or one of test cases, by its name."
  (and file (string-match-p "\\(?:connectors\\(?:_registry\\)?\\.json\\|\\.tests\\.toml\\)\\'" file)))

(lsp-register-client
 (make-lsp-client
  :new-connection (lsp-stdio-connection (lambda () strongroom-lsp-command))
  :activation-fn #'strongroom-lsp-file-p
  :language-id (lambda (buffer) (if (string-suffix-p ".toml" (buffer-file-name buffer)) "toml" "json"))
  :add-on? t                            ; beside a general JSON server
  :server-id 'strongroom))

(add-hook 'find-file-hook
          (lambda ()
            (when (strongroom-lsp-file-p buffer-file-name)
              (lsp-deferred))))

(provide 'strongroom-lsp-mode)
;;; strongroom-lsp-mode.el ends here
