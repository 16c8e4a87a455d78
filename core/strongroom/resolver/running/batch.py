"""Hold what the runs of one batch share.

What one run is given besides its connector is here, too.
"""

from typing import NamedTuple

from strongroom.resolver.authentication import Flights, TokenCache
from strongroom.resolver.network.cache import AnswerCache
from strongroom.resolver.network.connections import Network
from strongroom.resolver.request.consent import Consent
from strongroom.resolver.terms.exchange import Sender, Watch
from strongroom.resolver.terms.stand_ins import StandIns


class Batch(NamedTuple):
    """Hold what a batch's runs share.

    `cache` is None where nothing is kept.
    """

    network: Network
    tokens: TokenCache
    flights: Flights
    cache: AnswerCache | None
    sender: Sender | None
    consent: Consent | None = None
    """The function that is asked before secrets go to a host.

    With None, nobody is asked.
    """


class RunContext(NamedTuple):
    """Hold the context of one run.

    `namespace` is the community, and the connector's kind and permalink. Its answers are kept apart from others'.
    """

    stand_ins: StandIns
    batch: Batch
    namespace: tuple[str, str, str]
    fresh: bool = False
    """Ask the API even where the cache has an answer."""
    watch: Watch | None = None
