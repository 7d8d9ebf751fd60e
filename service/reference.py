"""The tables of the documentation that follow from the code: settings, and the fields of what goes in and comes out.

`python -m service.reference docs/*.md` writes them anew between their marks, `<!-- table: NAME -->` and `<!-- end -->`.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from index.models.hashing import HashEncoder
from service.app import create_app
from service.settings import Settings, read_settings

MARKED = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
SETTINGS = "settings"
PLAIN = {"string": "text", "boolean": "true or false", "integer": "whole number", "null": "null", "object": "object"}
BOUNDS = (("minimum", "from"), ("maximum", "to"))

Schema = dict[str, Any]


def with_tables(text: str) -> str:
    """Return a page with its tables as they follow from the code.

    Raises:
        KeyError: naming a table that there is not.
    """
    tables = schemas()
    return MARKED.sub(lambda found: found[1] + table(found[2], tables[found[2]]) + found[3], text)


def schemas() -> dict[str, Schema]:
    """Return everything that has a table, by its name."""
    settings = Settings.model_json_schema()
    settings["properties"] = {f"WHEREFROM_{name.upper()}": each for name, each in settings["properties"].items()}
    app = create_app(read_settings(host="127.0.0.1"), lambda choice: HashEncoder())
    return {**app.openapi()["components"]["schemas"], SETTINGS: settings}


def table(name: str, schema: Schema) -> str:
    """Return the description of a schema and the table of its fields."""
    fields: dict[str, Schema] = schema["properties"]
    given = name == SETTINGS or any("default" in each for each in fields.values())
    required = schema.get("required", ())
    head = ("variable" if name == SETTINGS else "field", "value", *(["default"] if given else []), "meaning")
    rows = [
        (
            f"`{field}`",
            _kind(each),
            *([_default(each, field in required)] if given else []),
            each["description"],
        )
        for field, each in fields.items()
    ]
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def _default(field: Schema, required: bool) -> str:
    if required:
        return "required"
    value = field.get("default")
    if value in (None, "", []) or isinstance(value, dict):
        return "–"
    return f"`{value if isinstance(value, str) else json.dumps(value)}`"


def _kind(field: Schema) -> str:
    """Return in words what may stand in a field."""
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "const" in field:
        return f"`{field['const']}`"
    if "enum" in field:
        return ", ".join(f"`{each}`" for each in field["enum"])
    several = field.get("anyOf") or field.get("oneOf")
    if several:
        return " or ".join(sorted(dict.fromkeys(map(_kind, several)), key=lambda kind: kind == "null"))
    if field["type"] == "array":
        return f"list of {_kind(field['items'])}"
    kind = PLAIN.get(field["type"], "number")
    return " ".join([kind, *_bounds(field)])


def _bounds(field: Schema) -> Iterator[str]:
    for key, word in BOUNDS:
        if key in field:
            yield f"{word} {field[key]:g}"


def main(files: Iterable[str]) -> None:
    """Write the tables of some pages anew."""
    for path in map(Path, files):
        path.write_text(with_tables(path.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
