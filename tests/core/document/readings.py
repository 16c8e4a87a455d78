"""Write a reading of JSON as lines, for comparing it with what was looked at before."""


def remarks(text, found):
    """Yield each problem as a person would read it: place, text, message, and fix."""
    for problem in found:
        flags = (f" {name[3:]}" for name in ("is_safe", "is_harmless") if getattr(problem, name))
        yield f"{problem.start} {text[problem.start : problem.end]!r} {problem.message}{''.join(flags)}"
        edits = ", ".join(
            f"{edit.start} {text[edit.start : edit.end]!r} -> {edit.new!r}" for edit in problem.edits
        )
        if edits or problem.title:
            yield f"  {problem.title}: {edits}"


def outline(value, indent=""):
    """Yield the kind, the place and the data of a value and of all that it holds."""
    data = "" if value.kind in ("object", "array") else f" {value.data!r}"
    damaged = " damaged" if getattr(value, "is_damaged", False) else ""
    yield f"{indent}{value.kind} {value.start}:{value.end}{data}{damaged}"
    for key, member in value.members:
        yield f"{indent}{key.start}:{key.end} {key.data!r}"
        yield from outline(member, indent + "  ")
    for item in value.items:
        yield from outline(item, indent + "  ")
