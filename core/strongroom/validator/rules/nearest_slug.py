"""Proposes the slug that is nearest to a permalink or a step's name."""

from strongroom.text.edits import Edit
from strongroom.text.slugs import slug
from strongroom.validator.marks import Proposal


def nearest_slug(text: str) -> tuple[Proposal, ...]:
    """Return the unsafe proposal to write `text` as a slug.

    There is none if no part of it can be in a slug.
    """
    better = slug(text)
    return (Proposal(f"Change to {better}", (Edit(0, len(text), better),), False),) if better else ()
