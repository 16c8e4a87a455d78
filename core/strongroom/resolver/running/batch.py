"""Hold what the runs of a batch share, and what each gets besides its connector."""

from typing import NamedTuple

from strongroom.resolver.authentication import TokenCache, TokenRequests
from strongroom.resolver.network.cache import AnswerCache
from strongroom.resolver.network.connections import Network
from strongroom.resolver.request.consent import Consent
from strongroom.resolver.terms.exchange import Sender, Watch
from strongroom.resolver.terms.stand_ins import StandIns


class Batch(NamedTuple):
    """Hold what the runs of one batch share. `cache` is None if nothing is kept."""

    network: Network
    tokens: TokenCache
    token_requests: TokenRequests
    cache: AnswerCache | None
    sender: Sender | None
    consent: Consent | None = None
    """The function that is asked before secrets go to a host. If None, nobody is asked."""


class RunContext(NamedTuple):
    """Hold the context of one run.

    `namespace` is the community, and the connector's kind and permalink, which keep its cached answers apart
    from others'.
    """

    stand_ins: StandIns
    batch: Batch
    namespace: tuple[str, str, str]
    fresh: bool = False
    """True to ask the API even if the cache has an answer."""
    watch: Watch | None = None
