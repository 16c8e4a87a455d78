"""Send the requests of a KV engine through hvac, and explain its refusals.

No exception of the library leaves this module, because it has the request with the value in it.
"""

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import hvac
import requests
from hvac.exceptions import Forbidden, InvalidPath, InvalidRequest, RateLimitExceeded, VaultDown, VaultError
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from strongroom.backends.errors import AccessRefused, BackendError, Conflict, NotFound, Unreachable
from strongroom.backends.place import EnginePlace

SECONDS: Final = (3.05, 20)
"""The seconds to connect, and to wait for an answer."""
RETRIES: Final = Retry(
    total=4,
    connect=1,
    read=2,
    backoff_factor=0.2,
    status_forcelist=(412, 429, 472, 473, 502, 503, 504),
    allowed_methods=None,
    raise_on_status=False,
)
"""A write is repeated too. Because it names the version that it replaces, it cannot happen twice."""

WAITS: Final = (0.1, 0.2, 0.4, 0.8)
"""The seconds to wait for a mount that was just made."""


class _NotReady(Unreachable):
    """Report that a mount is being prepared. It takes a moment."""


_LOOK: Final = 'Look at "address", "mount" and "path" in strongroom.toml.'
_LATER: Final = "The names that were read before are still known. Try again later."


class KvClient:
    """Hold a connection with a token."""

    def __init__(self, place: EnginePlace, token: str) -> None:
        logging.getLogger("urllib3").setLevel(logging.ERROR)  # it logs paths
        session = requests.Session()
        session.verify = place.ca_file or True  # hvac takes it from here, if it is given a session
        adapter = HTTPAdapter(max_retries=RETRIES, pool_maxsize=8)
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        self.place = place
        self._session = session
        self._has_details = True
        self.api = hvac.Client(
            url=place.address,
            token=token,
            timeout=SECONDS,
            allow_redirects=False,  # a redirect would take the token to another host
            session=session,
            namespace=place.namespace or None,
        )

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    # -- requests -----------------------------------------------------------------------------

    def read(self, path: str, version: int | None) -> Any:
        """Return `data` and `metadata` of a version. `data` is None for a deleted one."""
        found = self.call(
            self._kv.read_secret_version,
            path=path,
            version=version,
            mount_point=self.place.mount,
            raise_on_deleted_version=False,
        )
        return found["data"]

    def write(self, path: str, data: Mapping[str, str], version: int) -> Any:
        """Write over `version`, 0 for a new path. Raises `Conflict`."""
        found = self.call(
            self._kv.create_or_update_secret,
            path=path,
            secret=dict(data),
            cas=version,
            mount_point=self.place.mount,
        )
        return found["data"]

    def metadata(self, path: str) -> Any:
        """Return the metadata of an entry."""
        found = self.call(self._kv.read_secret_metadata, path=path, mount_point=self.place.mount)
        return found["data"]

    def may_read_metadata(self, path: str) -> bool:
        """Return True if the token may read the metadata of an entry."""
        try:
            self.metadata(path)
        except AccessRefused:
            return False
        return True

    def describe(self, path: str, custom: Mapping[str, str]) -> None:
        """Write the custom metadata of an entry."""
        self.call(
            self._kv.update_metadata, path=path, custom_metadata=dict(custom), mount_point=self.place.mount
        )

    def delete_version(self, path: str, version: int) -> None:
        """Delete one version. It can be undeleted."""
        self.call(
            self._kv.delete_secret_versions, path=path, versions=[version], mount_point=self.place.mount
        )

    def purge(self, path: str) -> None:
        """Remove all versions and the metadata."""
        self.call(self._kv.delete_metadata_and_all_versions, path=path, mount_point=self.place.mount)

    def list(self, folder: str) -> list[str]:
        """Return the names in a folder."""
        try:
            found = self.call(self._kv.list_secrets, path=folder, mount_point=self.place.mount)
        except NotFound:
            return []
        names: list[str] = found["data"]["keys"]
        return names

    def detailed(self, folder: str) -> dict[str, Any] | None:
        """Return name -> metadata of a folder, in one request.

        Return None where only `list` works: HashiCorp Vault does not know this request, and a token may not have it.
        """
        if not self._has_details:
            return None
        path = f"/v1/{self.place.mount}/detailed-metadata/{folder}"
        try:
            found = self.call(self.api.adapter.list, url=path)
        except NotFound:
            return None
        except AccessRefused:
            self._has_details = False
            return None
        rows: dict[str, Any] = found["data"].get("key_info") or {}
        return rows

    @property
    def _kv(self) -> Any:
        return self.api.secrets.kv.v2

    # -- refusals -----------------------------------------------------------------------------

    def call(self, function: Callable[..., Any], **arguments: Any) -> Any:
        """Return the answer to a request.

        Raises `NotFound`, `Conflict`, or `BackendError` with a sentence. The library's exception is dropped. A mount
        that was just made is not ready for a moment, and is asked again.
        """
        for seconds in WAITS:
            try:
                return self._once(function, **arguments)
            except _NotReady:
                time.sleep(seconds)
        return self._once(function, **arguments)

    def _once(self, function: Callable[..., Any], **arguments: Any) -> Any:
        try:
            answer = function(**arguments)
        except InvalidPath:
            problem: BackendError = NotFound(f"{self.place.words} has nothing at this path.", _LOOK)
        except (VaultError, OSError) as error:
            problem = self._explain(error)
        except ValueError:  # the answer is not JSON
            problem = self._strange("an answer that is not of a KV engine")
        else:
            if isinstance(answer, dict) or answer is None or answer.status_code == 204:
                return answer
            problem = self._strange(f"status {answer.status_code}")
        raise problem

    def _explain(self, error: Exception) -> BackendError:
        words = self.place.words
        if isinstance(error, Forbidden):
            return AccessRefused(
                f"{words} refused this: the token may not do it, or is not valid any more.",
                "Ask for a policy that allows it, or log in again with "
                f'`strongroom community login "{self.place.community}"`.',
            )
        if isinstance(error, InvalidRequest):
            if any("Upgrading from non-versioned" in str(one) for one in error.errors or ()):
                return _NotReady(f"The KV engine of {words} is being prepared.", _LATER)
            if any("check-and-set" in str(one) for one in error.errors or ()):
                return Conflict(f"{words} has another version by now.", "Look at it again.")
            return self._strange("a refusal of the request (status 400)")
        if isinstance(error, VaultDown):
            return Unreachable(f"{words} is sealed or in maintenance.", _LATER)
        if isinstance(error, RateLimitExceeded):
            return Unreachable(f"{words} gets more requests than it allows.", _LATER)
        if isinstance(error, requests.exceptions.SSLError):
            return Unreachable(
                f"The certificate of {words} was not accepted.",
                'Name the authority that signed it with "ca-file" in strongroom.toml.',
            )
        if isinstance(error, OSError) and not isinstance(error, requests.RequestException):
            return Unreachable(f'The file "{self.place.ca_file}" cannot be used.', 'Mend "ca-file".')
        if isinstance(error, requests.exceptions.Timeout):
            return Unreachable(f"{words} did not answer in time.", _LATER)
        if isinstance(error, requests.RequestException):
            return Unreachable(f"{words} cannot be reached.", _LATER)
        return self._strange(f"an error ({type(error).__name__})")

    def _strange(self, what: str) -> BackendError:
        return BackendError(
            f"{self.place.words} answered with {what}.",
            _LOOK,
        )
