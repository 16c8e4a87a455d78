//! Starts `strongroom lsp` for JSON, TOML and the code of widgets; the server says nothing about files that are not its own.

use zed_extension_api::{self as zed, settings::LspSettings, LanguageServerId, Result};

struct Strongroom;

impl zed::Extension for Strongroom {
    fn new() -> Self {
        Strongroom
    }

    fn language_server_command(
        &mut self,
        _server: &LanguageServerId,
        worktree: &zed::Worktree,
    ) -> Result<zed::Command> {
        let command = worktree
            .which("strongroom")
            .ok_or("strongroom is not on the PATH: install it with pip first")?;
        Ok(zed::Command {
            command,
            args: vec!["lsp".into()],
            env: worktree.shell_env(),
        })
    }

    fn language_server_initialization_options(
        &mut self,
        server: &LanguageServerId,
        worktree: &zed::Worktree,
    ) -> Result<Option<zed::serde_json::Value>> {
        Ok(LspSettings::for_worktree(server.as_ref(), worktree)?.initialization_options)
    }
}

zed::register_extension!(Strongroom);
