"""What models want put before questions and passages."""

import re
from collections.abc import Mapping

# What the model cards ask to be put before questions and passages, where the models' settings are silent.
FAMILY_PROMPTS = (
    (re.compile(r"(multilingual-)?e5-(small|base|large)(-v2)?"), "query: ", "passage: "),
    (re.compile(r"bge-(small|base|large)-zh(-v1\.5)?"), "为这个句子生成表示以用于检索相关文章：", ""),
    (
        re.compile(r"bge-(small|base|large)-en(-v1\.5)?"),
        "Represent this sentence for searching relevant passages: ",
        "",
    ),
)


def prompts_of(own: Mapping[str, str | None], name: str) -> tuple[str, str]:
    """Return what is put before questions and before passages.

    What the model's own settings say holds; a family that is known to need prompts gets them where its
    settings say nothing; all other models get none.

    Args:
        own: the prompts of the model's settings.
        name: the model as the user names it, a hub name or a folder.
    """
    query, passage = own.get("query") or "", own.get("document") or own.get("passage") or ""
    if query or passage:
        return query, passage
    last_part = re.split(r"[/\\]", name.rstrip("/\\"))[-1].lower()
    return next(
        (
            (family_query, family_passage)
            for family, family_query, family_passage in FAMILY_PROMPTS
            if family.fullmatch(last_part)
        ),
        ("", ""),
    )
