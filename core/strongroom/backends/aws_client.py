"""Send requests to AWS Secrets Manager through boto3, and explain its refusals.

No exception of the library leaves this module, because it may have the request with the value in it. The library's own
logging has requests and answers as they are, so it is kept quiet.
"""

import logging
from collections.abc import Iterator
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSLError,
)

from strongroom.backends.errors import (
    AccessRefused,
    BackendError,
    Conflict,
    LoginNeeded,
    NotFound,
    Unreachable,
)
from strongroom.backends.place import EnginePlace

CONFIG: Final = Config(
    connect_timeout=3.05,
    read_timeout=20,
    retries={"mode": "standard", "total_max_attempts": 5},
    max_pool_connections=8,
)
"""The standard mode waits longer before each attempt, and gives up together with the engine's rate limit."""
LIBRARIES: Final = ("boto3", "botocore", "urllib3")


class Exists(BackendError):  # noqa: N818 - a plain name, as its relatives have
    """Report that a secret of this name exists already."""


class _Quiet(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING


_QUIET: Final = _Quiet()


def keep_quiet() -> None:
    """Keep the libraries from logging requests and answers, at any level of logging."""
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in LIBRARIES:
            logging.getLogger(name).addFilter(_QUIET)  # adding it twice does nothing


_OWN: Final = {
    "ResourceNotFoundException": (NotFound, "does not have the secret or the version"),
    "ResourceExistsException": (Exists, "has a secret of this name already"),
    "InvalidParameterException": (Conflict, "has the secret in another state"),
    "InvalidRequestException": (
        Conflict,
        "has the secret in another state, perhaps one that is being deleted",
    ),
}
_LOGIN: Final = (
    "ExpiredTokenException",
    "ExpiredToken",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "IncompleteSignature",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
)
_BUSY: Final = (
    "ThrottlingException",
    "TooManyRequestsException",
    "LimitExceededException",
    "RequestLimitExceeded",
)


class SecretsManagerClient:
    """Hold a connection with the login of AWS's own tools."""

    def __init__(self, place: EnginePlace) -> None:
        self.place = place
        self._api = self._call(self._connect)

    def _connect(self) -> Any:
        session = boto3.session.Session(
            profile_name=self.place.profile or None, region_name=self.place.region
        )
        return session.client("secretsmanager", config=CONFIG)

    def close(self) -> None:
        """Close the connections."""
        self._api.close()

    # -- requests -----------------------------------------------------------------------------

    def listed(self, prefix: str) -> Iterator[Any]:
        """Yield the engine's row of each secret whose name begins with `prefix`.

        Deleted secrets are yielded too.
        """
        token: dict[str, str] = {}
        while True:
            answer = self._call(
                self._api.list_secrets,
                Filters=[{"Key": "name", "Values": [prefix]}],
                MaxResults=100,
                IncludePlannedDeletion=True,
                **token,
            )
            yield from answer["SecretList"]
            if not answer.get("NextToken"):
                return
            token = {"NextToken": answer["NextToken"]}

    def describe_secret(self, identity: str) -> Any:
        """Return what the engine says of one secret. Raises `NotFound`."""
        return self._call(self._api.describe_secret, SecretId=identity)

    def read(self, identity: str, version: str) -> str:
        """Return the text of a version."""
        answer = self._call(self._api.get_secret_value, SecretId=identity, VersionId=version)
        text = answer.get("SecretString")
        if text is None:
            raise BackendError(
                f"{identity} at {self.place.words} is binary: another program wrote it.", "Name another path."
            )
        return str(text)

    def versions(self, identity: str) -> list[Any]:
        """Return the versions of a secret that the engine still has."""
        found: list[Any] = []
        token: dict[str, str] = {}
        while True:
            answer = self._call(
                self._api.list_secret_version_ids,
                SecretId=identity,
                IncludeDeprecated=True,
                MaxResults=100,
                **token,
            )
            found += answer["Versions"]
            if not answer.get("NextToken"):
                return found
            token = {"NextToken": answer["NextToken"]}

    def create(self, identity: str, version: str, text: str, note: str, expires: str) -> None:
        """Make a secret. Raises `Exists`."""
        self._call(
            self._api.create_secret,
            Name=identity,
            ClientRequestToken=version,
            SecretString=text,
            Description=note[:2_000],
            Tags=[{"Key": "strongroom:expires", "Value": expires}] if expires else [],
        )

    def add_version(self, identity: str, version: str, text: str, label: str) -> None:
        """Add a version with a label of its own."""
        self._call(
            self._api.put_secret_value,
            SecretId=identity,
            ClientRequestToken=version,
            SecretString=text,
            VersionStages=[label],
        )

    def move_label(self, identity: str, label: str, to: str, away_from: str) -> None:
        """Move a label. Raises `Conflict` if it is not at `away_from`."""
        self._call(
            self._api.update_secret_version_stage,
            SecretId=identity,
            VersionStage=label,
            MoveToVersionId=to,
            RemoveFromVersionId=away_from,
        )

    def drop_label(self, identity: str, label: str, version: str) -> None:
        """Remove a label. Another write may have removed it already."""
        try:
            self._call(
                self._api.update_secret_version_stage,
                SecretId=identity,
                VersionStage=label,
                RemoveFromVersionId=version,
            )
        except (Conflict, NotFound):
            return

    def describe(self, identity: str, note: str, expires: str) -> None:
        """Write the description and the tag with the date.

        A login that may not write them is not a failure.
        """
        try:
            self._call(self._api.update_secret, SecretId=identity, Description=note)
            if expires:
                tags = [{"Key": "strongroom:expires", "Value": expires}]
                self._call(self._api.tag_resource, SecretId=identity, Tags=tags)
            else:
                self._call(self._api.untag_resource, SecretId=identity, TagKeys=["strongroom:expires"])
        except AccessRefused:
            return

    def delete(self, identity: str, days: int) -> None:
        """Plan the deletion of a secret."""
        self._call(self._api.delete_secret, SecretId=identity, RecoveryWindowInDays=days)

    def restore(self, identity: str) -> None:
        """Cancel a planned deletion."""
        self._call(self._api.restore_secret, SecretId=identity)

    def purge(self, identity: str) -> None:
        """Remove a secret with all versions."""
        self._call(self._api.delete_secret, SecretId=identity, ForceDeleteWithoutRecovery=True)

    # -- refusals -----------------------------------------------------------------------------

    def _call(self, function: Any, **arguments: Any) -> Any:
        """Return the answer to a request.

        Raises `NotFound`, `Exists`, `Conflict`, or `BackendError` with a sentence. The library's exception is dropped.
        """
        keep_quiet()
        try:
            return function(**arguments)
        except ClientError as error:
            problem = self._explain(error.response.get("Error", {}).get("Code", ""))
        except (NoCredentialsError, PartialCredentialsError, ProfileNotFound):
            problem = LoginNeeded(
                f"No login for {self.place.words} is known.",
                "Log in with `aws sso login` or `aws configure`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
            )
        except SSLError:
            problem = Unreachable(
                f"The certificate of {self.place.words} was not accepted.",
                "Name the authority that signed it with AWS_CA_BUNDLE.",
            )
        except (BotoCoreError, ValueError):
            problem = Unreachable(
                f"{self.place.words} cannot be reached.",
                "The names that were read before are still known. Try again later.",
            )
        raise problem

    def _explain(self, code: str) -> Exception:
        words = self.place.words
        if code in _OWN:
            kind, what = _OWN[code]
            return kind(f"{words} {what}.", "Look at it again, or try again in a minute.")
        if code in _LOGIN:
            return LoginNeeded(f"{words} did not accept the login.", "Log in again, as with `aws sso login`.")
        if code.startswith("AccessDenied") or code == "UnauthorizedOperation":
            return AccessRefused(
                f"{words} refused this: the login may not do it.", "Ask for a policy that allows it."
            )
        if code in _BUSY:
            return Unreachable(f"{words} gets more requests than it allows.", "Try again later.")
        return BackendError(
            f"{words} answered with an error ({code or 'unknown'}).",
            'Look at "region" and "path" in strongroom.toml.',
        )
