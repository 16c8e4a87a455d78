"""Make the demo's workspace: connectors, settings, a vault, and the running API."""

import os
import shutil
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from types import TracebackType
from typing import Final
from urllib.parse import urlsplit

from strongroom.errors import StrongroomError
from strongroom.names import Kind
from strongroom.settings.trusted_hosts import TrustedHosts
from strongroom.store.file.seen import seen_path
from strongroom.store.keys.ways import KeyFile
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue
from strongroom_cli.demo.sample_api import Keys, SampleApi, make_keys

COMMUNITIES: Final = ("acme_staging", "acme_production")
"""The sample communities. The first one is chosen."""

_DATA: Final = Path(__file__).parent / "data"

_EXPIRES_IN: Final = 90
"""The days from today to the expiry of the one secret that has one."""

_SETTINGS: Final = """\
# The settings of this demo. In your own repository, keep only what you need.
community = "{community}"

[test]
# The sample API listens on this machine. Test runs refuse local hosts unless they are named here.
allow-hosts = ["localhost"]
ca-file = "sample-api-ca.pem"
"""


class Demo:
    """Hold a workspace that is ready to use, and the running sample API.

    Use it in a `with` block.
    """

    def __init__(self, folder: Path, api: SampleApi) -> None:
        self._api = api
        self.workspace = str(folder / "workspace")
        self.vault_path = str(folder / "vault" / "demo.db")
        self.key_file = str(folder / "vault" / "demo.key")
        self.community = COMMUNITIES[0]
        self.api_url = api.url

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment variables that make every command work on the demo."""
        return {
            "STRONGROOM_VAULT": self.vault_path,
            "STRONGROOM_KEY_FILE": self.key_file,
            "STRONGROOM_COMMUNITY": self.community,
            "STRONGROOM_NO_KEYRING": "1",
        }

    def close(self) -> None:
        """Stop the API and forget the vault.

        The files stay until the caller removes the folder.
        """
        self._api.stop()
        with suppress(OSError):
            os.unlink(seen_path(self.vault_path))
        with suppress(StrongroomError):
            TrustedHosts().forget(folder=self.workspace)

    def __enter__(self) -> "Demo":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


TOUR_KEY: Final = "sunny-days-42"
"""The weather service's key in a demo for the tour.

A person types it, and the app's tour has the same words.
"""


def prepare_demo(folder: str | os.PathLike[str], *, tour: bool = False) -> Demo:
    """Make everything below `folder`, and start the API. A missing folder is made.

    Takes about a second. The credentials are random and for this one demo. For the `tour` the weather service takes
    `TOUR_KEY`, and the vault does not have it.
    """
    root = Path(folder)
    root.mkdir(parents=True, exist_ok=True)
    keys = {community: make_keys(community.removeprefix("acme_")) for community in COMMUNITIES}
    if tour:
        keys[COMMUNITIES[0]] = keys[COMMUNITIES[0]]._replace(weather=TOUR_KEY)
    api = SampleApi(tuple(keys.values())).start()
    demo = Demo(root, api)
    try:
        _write_files(Path(demo.workspace), api)
        _fill_vault(demo, keys, api.url)
        _agree_to_send(demo, urlsplit(api.url).netloc)
    except BaseException:
        demo.close()
        raise
    return demo


def _write_files(workspace: Path, api: SampleApi) -> None:
    shutil.copytree(_DATA, workspace, dirs_exist_ok=True)
    (workspace / "strongroom.toml").write_text(_SETTINGS.format(community=COMMUNITIES[0]), encoding="utf-8")
    (workspace / "sample-api-ca.pem").write_text(api.authority, encoding="ascii")
    (workspace / ".gitignore").write_text(".strongroom/\n", encoding="utf-8")


def _agree_to_send(demo: Demo, host: str) -> None:
    """Agree that the demo's made-up secrets go to its own API.

    Starting the demo is the agreement.
    """
    with suppress(StrongroomError):
        for community in COMMUNITIES:
            TrustedHosts().agree(demo.workspace, community, [host])


def _fill_vault(demo: Demo, keys: dict[str, Keys], url: str) -> None:
    os.makedirs(os.path.dirname(demo.vault_path), mode=0o700, exist_ok=True)
    with Vault.create(demo.vault_path, [KeyFile(demo.key_file)]) as vault:
        for community in COMMUNITIES:
            for name, kind, value, note, expires in _entries(keys[community], url):
                if value != TOUR_KEY:
                    vault.add(community, name, kind, SecretValue(value), note, expires)
        # Only in staging, as an example of a name that another community does not have.
        vault.add(
            COMMUNITIES[0], "staging_banner", Kind.VARIABLE, SecretValue("You are in staging"), "Shown on top"
        )
        vault.use_community(COMMUNITIES[0])


def _entries(keys: Keys, url: str) -> list[tuple[str, Kind, str, str, str]]:
    """Return name, kind, value, note and expiry of each entry of a community."""
    secret, variable = Kind.SECRET, Kind.VARIABLE
    soon = (date.today() + timedelta(days=_EXPIRES_IN)).isoformat()
    return [
        ("weather_api_key", secret, keys.weather, "Key of the weather service", ""),
        ("orders_api_token", secret, keys.orders, "Token of the order system", soon),
        ("crm_api_key", secret, keys.crm, "Key of the CRM", ""),
        ("crm_client_id", secret, keys.client_id, "OAuth client of the CRM", ""),
        ("crm_client_secret", secret, keys.client_secret, "OAuth client of the CRM", ""),
        ("sample_api_url", variable, url, "Where the sample API listens", ""),
        ("default_city", variable, "Lisbon", "Used if a person has no city", ""),
    ]
