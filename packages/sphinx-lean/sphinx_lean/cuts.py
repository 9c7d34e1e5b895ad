"""Take parts out of scripts, along the syntax tree that a parser of JavaScript makes of them."""

from collections.abc import Collection, Iterator

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser, Query, QueryCursor

LANGUAGE = Language(tree_sitter_javascript.language())
# What Font Awesome's script has of an icon: name: [width, height, [other names], "code", path].
ICON = """(pair key: (_) @name value: (array
    . (number) . (number) . (array) @others . (string) . [(string) (array)])) @icon"""
STRING = """[(string) (template_string) (shorthand_property_identifier)] @it
    (pair key: (property_identifier) @it)
    (call_expression function: (member_expression property: (property_identifier) @asks)
        arguments: (arguments . [(string) (template_string)] @asked))"""
ASKS = {"querySelector", "querySelectorAll", "closest", "matches", "getElementById", "getItem"}
ASKS |= {"addEventListener", "removeEventListener", "on", "getAttribute", "hasAttribute"}
LOCALS = f"""{tree_sitter_javascript.LOCALS_QUERY}
    (arrow_function parameter: (identifier) @local.definition)
    (rest_pattern (identifier) @local.definition)
    (function_declaration name: (identifier) @local.definition)"""
FUNCTIONS = {"arrow_function", "function_expression", "function_declaration", "method_definition"}
CONSTANTS = {"regex", "string", "number", "object", *FUNCTIONS}


def _found(query: str, node: Node) -> Iterator[dict[str, list[Node]]]:
    """Yield what a query finds."""
    yield from (nodes for _, nodes in QueryCursor(Query(LANGUAGE, query)).matches(node))


def _text(node: Node) -> str:
    """Return the source of a part."""
    return (node.text or b"").decode()


def without_icons(text: str, words: Collection[str]) -> str:
    """Return Font Awesome's script with no icons but those that are in use.

    Args:
        text: the script.
        words: what occurs on the pages and in other scripts, such as "fa-house".

    Returns:
        The script; as it was, if it has no icons.
    """
    data, at, kept = text.encode(), 0, []
    for found in _found(ICON, Parser(LANGUAGE).parse(data).root_node):
        (icon,) = found["icon"]
        names = [*found["name"], *found["others"][0].named_children]
        if not any("fa-" + _text(name).strip("\"'") in words for name in names):
            kept.append(data[at : icon.start_byte])
            at = icon.end_byte + (data[icon.end_byte : icon.end_byte + 1] == b",")
    return b"".join([*kept, data[at:]]).decode()


def strings(text: str) -> list[str]:
    """Return each string and key of a script but those that only ask for something.

    All of it, if it can't be read.
    """
    root = Parser(LANGUAGE).parse(text.encode()).root_node
    found, asked = {}, set()
    for nodes in _found(STRING, root):
        found.update({node.id: _text(node).strip("\"'`") for node in nodes.get("it", [])})
        if "asks" in nodes and _text(nodes["asks"][0]) in ASKS:
            asked.add(nodes["asked"][0].id)
    return [text] if root.has_error else [found[key] for key in found.keys() - asked]


def without(text: str, words: Collection[str]) -> str:
    """Return a script without the steps that name one of some words, and what only those need.

    A function that names one of them and is needed elsewhere does nothing.

    Args:
        text: the script: a function that calls itself, as bundlers write it.
        words: such as the id of an element that no page has.

    Returns:
        The script; as it was, if it has another form.
    """
    root = Parser(LANGUAGE).parse(text.encode()).root_node
    body = next((each["it"][0] for each in _found("(statement_block) @it", root)), None)
    if not words or root.has_error or not body:
        return text
    parts = list(_parts(body))
    new = [p for p in parts if not p[1] and not any(word in _text(p[2]) for word in words)]
    kept: set[int] = set()
    while new:
        kept |= {node.id for *_, node in new}
        named = set().union(*(_free(node) for *_, node in new))
        new = [part for part in parts if part[1] in named and part[2].id not in kept]
    left = (f"{kind}{_quiet(node, words)};" for kind, _, node in parts if node.id in kept)
    data = text.encode()
    return f"{data[: body.start_byte].decode()}{{{''.join(left)}}}{data[body.end_byte :].decode()}"


def _quiet(node: Node, words: Collection[str]) -> str:
    """Return a part; without what it does, if it's a function that names one of the words."""
    block = (node.child_by_field_name("value") or node).child_by_field_name("body")
    if not block or block.type != "statement_block" or not any(w in _text(node) for w in words):
        return _text(node)
    return _text(node).replace(_text(block), "{}")


def _parts(block: Node) -> Iterator[tuple[str, str, Node]]:
    """Yield each step of a block: the word before it, the name that it declares, and itself.

    A step without a name is done at once. So is one whose value isn't a function or a constant.
    """
    for statement in block.named_children:
        if statement.type == "function_declaration":
            yield "", _text(statement.named_children[0]), statement
        elif statement.type in ("lexical_declaration", "variable_declaration"):
            for each in statement.named_children:
                name, value = each.children[0], each.child_by_field_name("value")
                is_later = name.type == "identifier" and value and value.type in CONSTANTS
                yield f"{_text(statement.children[0])} ", _text(name) if is_later else "", each
        elif statement.type == "expression_statement":
            yield from (("", "", each) for each in _sequence(statement.named_children[0]))
        elif statement.type != "empty_statement":
            yield "", "", statement


def _sequence(node: Node) -> Iterator[Node]:
    """Yield the expressions that commas join."""
    if node.type != "sequence_expression":
        yield node
        return
    for child in node.named_children:
        yield from _sequence(child)


def _free(node: Node) -> set[str]:
    """Return the names that a part uses and doesn't declare."""
    found = QueryCursor(Query(LANGUAGE, LOCALS)).captures(node)
    scopes = sorted(found.get("local.scope", []), key=lambda each: -each.start_byte)
    local = []
    for each in found.get("local.definition", []):
        owner = each.parent
        is_var = owner and owner.parent and owner.parent.type == "variable_declaration"
        around = [s for s in scopes if s.start_byte <= each.start_byte < s.end_byte and s != owner]
        around[:0] = [owner] if owner and owner.type == "arrow_function" else []
        scope = next((s for s in around if not is_var or s.type in FUNCTIONS), None)
        if scope:
            local.append((_text(each), scope.start_byte, scope.end_byte))
    return {
        _text(each)
        for each in found.get("local.reference", [])
        if not any(n == _text(each) and a <= each.start_byte < b for n, a, b in local)
    }
