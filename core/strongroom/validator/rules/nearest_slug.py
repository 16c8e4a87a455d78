"""Proposes the slug that is nearest to a permalink or a step's name."""

from strongroom.validator.marks import Proposal
from strongroom.validator.proposed_changes import ChangeText
from strongroom.validator.slugs import slug


def nearest_slug(text: str) -> tuple[Proposal, ...]:
    """Return the unsafe proposal to write `text` as a slug; none where nothing of it can be in one."""
    better = slug(text)
    return (Proposal(f"Change to {better}", (ChangeText(0, len(text), better),), False),) if better else ()
