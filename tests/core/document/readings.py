"""Write a reading of JSON as lines, for comparing it with what was looked at before."""


def remarks(text, found):
    """Yield each problem as a person would read it: place, text, message, and fix."""
    for problem in found:
        flags = (f" {name[3:]}" for name in ("is_safe", "is_harmless") if getattr(problem, name))
        yield f"{problem.start}:{problem.end} {text[problem.start : problem.end]!r} {problem.message}{''.join(flags)}"
        edits = ", ".join(
            f"{edit.start}:{edit.end} {text[edit.start : edit.end]!r} -> {edit.new!r}"
            for edit in problem.edits
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


def _place(text, node):
    inner = outer = ""
    if (node.inner_start, node.inner_end) != (node.start, node.end):
        inner = f" inner {node.inner_start}:{node.inner_end} {text[node.inner_start : node.inner_end]!r}"
    if (node.outer_start, node.outer_end) != (node.start, node.end):
        outer = f" outer {node.outer_start}:{node.outer_end}"
    return f"{node.start}:{node.end} {text[node.start : node.end]!r}{inner}{outer}"


def nodes(text, children, indent=""):
    """Yield the kind, the value and the place of each node of a template's tree."""
    for node in children:
        yield f"{indent}{node.kind} {node.value!r} {_place(text, node)}"
        yield from nodes(text, node.children, indent + "  ")


def template(text, parsed):
    """Yield the tree of a template, its flat lists, its use of names and its mistake."""
    yield text
    yield from nodes(text, parsed.body)
    for kind in ("calls", "filters", "tests", "members", "names"):
        found = [text[node.start : node.end] for node in getattr(parsed, kind)]
        if found:
            yield f"{kind}: {found}"
    yield from (f"{token.type} {token.value!r} {token.start}:{token.end}" for token in parsed.comments)
    yield f"stores {sorted(parsed.stores)} guarded {sorted(parsed.guarded)}"
    yield f"free {[(node.value, node.start) for node in parsed.free]}"
    if parsed.problem is not None:
        message, start, end = parsed.problem
        yield f"{start}:{end} {text[start:end]!r} {message}"
