"""Find the default places of files.

The vault is in the data folder, and what was seen of it in the state folder. On Linux the folders are worked
out here, because importing platformdirs costs more than listing names does;
`tests/core/store/test_store_places.py` holds them to what platformdirs says.
"""

import os
import sys

APPLICATION = "strongroom"
VAULT_FILE = "vault.db"
KEY_FILE = "key"


def default_vault_path() -> str:
    """Return `STRONGROOM_VAULT`, or `vault.db` in the user's data folder.

    On Linux the folder is `~/.local/share/strongroom`.
    """
    return os.environ.get("STRONGROOM_VAULT") or usual_vault_path()


def usual_vault_path() -> str:
    """Return `vault.db` in the user's data folder, whichever vault is named."""
    return os.path.join(data_folder(), VAULT_FILE)


def data_folder() -> str:
    """Return this product's own folder, where a vault is unless one is named."""
    return _folder("data")


def default_key_file() -> str:
    """Return the key file found without a name (Linux: `~/.config/strongroom/key`)."""
    return os.path.join(_folder("config"), KEY_FILE)


def state_folder() -> str:
    """Return the folder of what was last seen of each vault.

    On Linux the folder is `~/.local/state/strongroom`.
    """
    return _folder("state")


def _folder(purpose: str) -> str:
    quick = _xdg_folder(purpose) if sys.platform == "linux" and "ANDROID_DATA" not in os.environ else ""
    if quick:
        return quick
    import platformdirs

    known = {
        "data": platformdirs.user_data_dir,
        "state": platformdirs.user_state_dir,
        "config": platformdirs.user_config_dir,
    }
    return known[purpose](APPLICATION, appauthor=False)


_ENDINGS = {"data": ".local/share", "state": ".local/state", "config": ".config"}


def _xdg_folder(purpose: str) -> str:
    """Return the XDG folder, or "" for a relative path, which is left to platformdirs."""
    chosen = os.environ.get(f"XDG_{purpose.upper()}_HOME", "")
    if chosen:
        return f"{chosen}/{APPLICATION}" if chosen.startswith("/") and not chosen.endswith("/") else ""
    home = os.environ.get("HOME", "")
    if not home.startswith("/"):
        return ""
    return f"{home.rstrip('/')}/{_ENDINGS[purpose]}/{APPLICATION}"
