;;; strongroom-lsp-mode.el --- Strongroom's language server with lsp-mode  -*- lexical-binding: t; -*-

;; In your init file:
;;     (load "/path/to/strongroom-lsp-mode.el")

;;; Code:

(require 'lsp-mode)

(defcustom strongroom-lsp-command '("strongroom" "lsp")
  "The command that starts the language server."
  :type '(repeat string)
  :group 'lsp-mode)

(defconst strongroom-lsp-code "\\.\\(?:[cm]?[jt]s\\|[jt]sx\\|vue\\|svelte\\|html?\\)\\'"
  "The names of files with the code of widgets.")

(defun strongroom-lsp-file-p (file &rest _)
  "Whether FILE is a connector file or one of test cases, by its name, or code below a registry."
  (and file
       (or (string-match-p "\\(?:connectors\\(?:_registry\\)?\\.json\\|\\.tests\\.toml\\)\\'" file)
           (and (string-match-p strongroom-lsp-code file)
                (locate-dominating-file file "connectors_registry.json")))))

(defun strongroom-lsp-language-id (buffer)
  "The protocol's name for the language of BUFFER, by the name of its file."
  (pcase (file-name-extension (buffer-file-name buffer))
    ("toml" "toml")
    ((or "js" "mjs" "cjs" "jsx") "javascript")
    ((or "ts" "mts" "cts" "tsx") "typescript")
    ((or "html" "htm") "html")
    ("vue" "vue")
    ("svelte" "svelte")
    (_ "json")))

(lsp-register-client
 (make-lsp-client
  :new-connection (lsp-stdio-connection (lambda () strongroom-lsp-command))
  :activation-fn #'strongroom-lsp-file-p
  :language-id #'strongroom-lsp-language-id
  :add-on? t                            ; beside the language's own server
  :server-id 'strongroom))

(add-hook 'find-file-hook
          (lambda ()
            (when (strongroom-lsp-file-p buffer-file-name)
              (lsp-deferred))))

(provide 'strongroom-lsp-mode)
;;; strongroom-lsp-mode.el ends here
