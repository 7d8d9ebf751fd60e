"""The models: whether they are here, and whether the cache folder can take what is made of them."""

from collections.abc import Iterator
from pathlib import Path

from corpus.errors import ModelUnavailable
from index.models.hub import find_model_folder
from index.models.making.graph import graph_folder
from index.models.registry import DEFAULT_MODEL, HASH_MODEL, REVISION
from index.models.sealed import is_intact
from service.cli.checkup.check import Check, failed, may_write, nearest, ok, split_error, user, warning
from service.settings import Settings

HUB = "it is fetched when it is used first; without a network, name a folder that holds it"


def check_model(named: str | None, settings: Settings) -> Check:
    """Look whether the model that is set, or the index names, can be loaded at once."""
    name = named or DEFAULT_MODEL
    reranker = list(_reranker_problems(settings.reranker))
    if reranker:
        return warning("model", *reranker[0])
    if name == HASH_MODEL:
        return ok("model", f"{name}, which needs no files")
    if name != DEFAULT_MODEL:
        try:
            revision = find_model_folder(name, offline=True).revision
        except ModelUnavailable as error:
            return _not_here(name, error)
    else:
        revision = REVISION
    return _check_graph(name, settings.cache_dir, graph_folder(settings.cache_dir, name, revision))


def _check_graph(name: str, cache: Path, graph: Path) -> Check:
    if is_intact(graph):
        return ok("model", f"{name}, ready in {graph}")
    what = f"{graph} is damaged" if graph.exists() else f"{cache} holds nothing made of {name} yet"
    what = what if cache.exists() else f"there is no cache folder {cache} yet"
    there = nearest(cache)
    if not (there.is_dir() and may_write(there)):
        way_out = "let this user write there, or set WHEREFROM_CACHE_DIR to a folder that it may write"
        return failed("model", f"{what}, and {there} cannot be written by {user()}", way_out)
    return warning("model", what, "nothing need be done: the first index, question or start makes it, in half a minute")


def _not_here(name: str, error: ModelUnavailable) -> Check:
    if "/" in name and not name.startswith(("/", ".")):
        return warning("model", f"{name} is not on this machine yet", HUB)
    return failed("model", *split_error(error))


def _reranker_problems(name: str | None) -> Iterator[tuple[str, str]]:
    if name is not None:
        try:
            find_model_folder(name, offline=True)
        except ModelUnavailable:
            yield f"the reranker {name} is not on this machine yet", HUB
