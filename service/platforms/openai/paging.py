"""Lists in pages, as OpenAI's clients turn them: by the id after which, or before which, a page lies."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Depends, Query

from corpus.store.stored import LAST_ID

USUAL, MOST = 20, 100
MOST_FILES = 10_000  # of a page of all files, which is also as many as there usually are
Order = Literal["asc", "desc"]
After = Annotated[str, Query(description="Id after which the page begins.")]
Before = Annotated[str, Query(description="Id before which the page ends.")]
Ordered = Annotated[Order, Query(description="`desc`: the newest first, which is the one whose id comes last.")]


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page of a list that is in the order of ids.

    Attributes:
        after: the id after which it begins, if any.
        before: the id before which it ends, if any.
        limit: how many it has at most.
        order: whether ids ascend.
    """

    after: str = ""
    before: str = ""
    limit: int = USUAL
    order: Order = "desc"

    @property
    def backwards(self) -> bool:
        """Whether the page is the one that ends where it is said, not one that begins there."""
        return bool(self.before) and not self.after

    @property
    def falling(self) -> bool:
        """Whether the list is gone through from its last id to its first, to find the page."""
        return (self.order == "desc") != self.backwards

    @property
    def above(self) -> str:
        """The id above which all of the page are."""
        return self.after if self.order == "asc" else self.before

    @property
    def below(self) -> str:
        """The id below which all of the page are."""
        return (self.before if self.order == "asc" else self.after) or LAST_ID

    def cut(self, ids: Iterable[str]) -> tuple[list[str], bool]:
        """Return the ids of the page, and whether there are more in its direction.

        Args:
            ids: those of the list, all of them or those around the page, in any order.
        """
        there = sorted({each for each in ids if self.above < each < self.below}, reverse=self.falling)
        page = there[: self.limit]
        return page[::-1] if self.backwards else page, len(there) > self.limit


def _paging(
    after: After = "",
    before: Before = "",
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many at most.")] = USUAL,
    order: Ordered = "desc",
) -> Paging:
    return Paging(after, before, limit, order)


def _paging_files(
    after: After = "",
    limit: Annotated[int, Query(ge=1, le=MOST_FILES, description="How many at most.")] = MOST_FILES,
    order: Ordered = "desc",
) -> Paging:
    return Paging(after, "", limit, order)


Page = Annotated[Paging, Depends(_paging)]
PageOfFiles = Annotated[Paging, Depends(_paging_files)]


def page_view(shown: Sequence[dict[str, Any]], more: bool) -> dict[str, Any]:
    """Return the JSON of a page."""
    first, last = (shown[0]["id"], shown[-1]["id"]) if shown else (None, None)
    return {"object": "list", "data": list(shown), "first_id": first, "last_id": last, "has_more": more}
