"""The examples of the documentation: what is typed in them, what they show, and what is tried elsewhere or nowhere."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, replace
from textwrap import dedent

from tests.conftest import ROOT

PAGES = [ROOT / "README.md", ROOT / "client" / "README.md", *sorted(ROOT.glob("docs/*.md"))]
FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
SHELL = {"console", "sh"}  # what is typed, with a prompt and without
DATA = {"json", "toml", "text"}
PROGRAMS = {"python", "javascript"}
# Examples that other tests try, by page and language or by what stands in them.
ELSEWHERE = {
    r"docs/contributing\.md (python|text)": "tests/docs/test_contributing.py",
    r"\bkey=\$\(openssl": "tests/docs/deployment_fixtures.py",
    r"scrape_configs": "tests/docs/test_unit.py",
    r"info POST /v1/search 200": "tests/service/watching/test_lines.py",
    r"proxy_pass": "tests/docs/test_unit.py",
    r"docs/cluster\.md (console|sql)": "tests/cluster/test_documentation.py",
    r"index --watch ~": "tests/service/cli/test_following.py",
    r"HTTP/1\.1 503": "tests/cluster/test_serving.py",
}
# What nothing tries, by what stands in it; the commands of ours in it are read all the same.
NOT_TRIED = {
    r"make test|pytest": "these are the tests",
    r"make lint": ".ci/run does",
    r"make docs": "it writes into docs/; test_reference.py compares what it would write",
    r"make compare": "it installs seven other stacks, for an hour",
    r"make confidence": "it asks question sets that do not come with the code, for half an hour",
    r"make quality": "it asks all question sets that are here; tests/eval/quality asks small ones",
    r"pip install": "it asks a package index; tests/client/test_distribution.py and test_image.py build and install",
    r"useradd|/opt/|/etc/|/var/|systemctl": "it needs root and systemd; test_unit.py tries the unit",
    r"docker |--publish": "it needs Docker; test_image.py takes the same steps",
    r"kubectl": "it needs Kubernetes; test_compose.py reads the manifests",
    r"xquad|dev\.jsonl|cmrc": "these question sets do not come with the code, and take minutes",
    r"freedict": "it asks a package index; tests/service/cli/test_dictionary.py installs a dictionary of its own",
    r"schemathesis|SCHEMATHESIS": "it takes minutes; tests/service/http/test_fuzz.py sends less",
    r"ray start|ray://\d": "it needs several machines; `python -m eval cluster-bulk` starts two nodes on one",
    r"cluster-database": "it goes on until it is stopped; tests/cluster/test_seekdb.py starts one and stops it",
    r"rerank": "it needs a cross-encoder of the hub",
}


@dataclass(frozen=True)
class Example:
    """A block of a page.

    Attributes:
        page: path from the root.
        number: which block of the page, from 1.
        language: as the page names it.
        code: without the indent of a list.
    """

    page: str
    number: int
    language: str
    code: str

    def __str__(self) -> str:
        return f"{self.page}-{self.number}"


@dataclass(frozen=True)
class Step:
    """What a person types, and the beginning of what the page says comes out."""

    code: str
    shown: str = ""


def _read_examples() -> Iterator[Example]:
    for path in PAGES:
        for number, (language, code) in enumerate(FENCE.findall(path.read_text("utf-8")), 1):
            yield Example(path.relative_to(ROOT).as_posix(), number, language, dedent(code))


EXAMPLES = list(_read_examples())


def named(table: dict[str, str], text: str) -> list[str]:
    """Return the entries of a table of patterns that a text meets."""
    return [pattern for pattern in table if re.search(pattern, text)]


def is_elsewhere(example: Example) -> bool:
    return bool(named(ELSEWHERE, f"{example.page} {example.language}\n{example.code}"))


def examples(*languages: str) -> list[Example]:
    """Return the examples in some languages that are tried here."""
    return [each for each in EXAMPLES if each.language in languages and not is_elsewhere(each)]


def typed(example: Example) -> list[Step]:
    """Return all that is typed in an example, tried or not."""
    if example.language == "console":
        return [
            Step(code.strip(), shown)
            for code, shown in re.findall(
                r"^[$#] ((?:.*\\\n)*.*)\n((?:(?![$#] ).*\n)*)", example.code, flags=re.MULTILINE
            )
        ]
    commands, open_lines = [], ""
    for line in example.code.splitlines():
        open_lines += line
        if _is_whole(open_lines):
            commands.append(Step(open_lines))
            open_lines = ""
        else:
            open_lines += "\n"
    assert not open_lines, example
    return commands


def _is_whole(command: str) -> bool:
    try:
        shlex.split(command, comments=True)
    except ValueError:  # a quotation is open, or the line goes on
        return False
    return True


def steps(page: str) -> list[Step]:
    """Return what a person who follows a page does; JSON below a step is what it shows."""
    found: list[Step] = []
    for example in EXAMPLES:
        if example.page != page or is_elsewhere(example):
            continue
        if example.language in SHELL:
            found += [step for step in typed(example) if not named(NOT_TRIED, step.code)]
        elif example.language == "json" and not is_entry(example):
            found[-1] = replace(found[-1], shown=example.code)
    return found


def is_entry(example: Example) -> bool:
    """Whether it is an entry for a program that starts ours."""
    return "mcpServers" in example.code
