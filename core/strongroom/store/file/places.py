"""Find the default places of files: the vault in the data folder, what was seen of it in the state folder.

On Linux the folders are worked out here, because importing platformdirs costs more than listing names does;
`tests/core/store/test_store_places.py` holds them to what platformdirs says.
"""

import os
import sys

APPLICATION = "strongroom"
VAULT_FILE = "vault.db"
KEY_FILE = "key"


def default_vault_path() -> str:
    """Return `STRONGROOM_VAULT`, or `vault.db` in the user's data folder (`~/.local/share/strongroom` on Linux)."""
    return os.environ.get("STRONGROOM_VAULT") or os.path.join(data_folder(), VAULT_FILE)


def data_folder() -> str:
    """Return the folder of this product's own, where the vault is when nobody says."""
    return _folder("data")


def default_key_file() -> str:
    """Return where a key file is found without being named (`~/.config/strongroom/key` on Linux)."""
    return os.path.join(_folder("config"), KEY_FILE)


def state_folder() -> str:
    """Return the folder of what was last seen of each vault (`~/.local/state/strongroom` on Linux)."""
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


def _xdg_folder(purpose: str) -> str:
    """Return the XDG folder, or "" in the unusual cases (relative paths) that are left to platformdirs."""
    chosen = os.environ.get(f"XDG_{purpose.upper()}_HOME", "")
    if chosen:
        return f"{chosen}/{APPLICATION}" if chosen.startswith("/") and not chosen.endswith("/") else ""
    home = os.environ.get("HOME", "")
    if not home.startswith("/"):
        return ""
    return f"{home.rstrip('/')}/{_ENDINGS[purpose]}/{APPLICATION}"


_ENDINGS = {"data": ".local/share", "state": ".local/state", "config": ".config"}
