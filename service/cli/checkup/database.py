"""The database, where one has the data folder's place: whether it answers, and what it holds."""

from contextlib import suppress

from corpus.errors import WherefromError
from corpus.store.collections import DEFAULT
from index.home import Home
from index.manifest import read_manifest
from service.cli.checkup.check import Check, failed, ok, split_error, warning
from service.cli.terminal import counted

SHOWN = 5  # of collections, that a line names


def check_store(home: Home) -> Check:
    """Look whether the database answers, with this user and password, and what it holds."""
    try:
        names = home.names()
        if not names:
            return failed("store", f"{home} answers, and holds no index", f"run: wherefrom index PATH {home.option}")
        told = ", ".join(f"{name} has {counted(_documents(home, name), 'document')}" for name in names[:SHOWN])
        more = f" and {counted(len(names) - SHOWN, 'collection')} more" if len(names) > SHOWN else ""
        if home.read_only:
            return warning("store", f"{home} answers; {told}{more}", "let this user write there; asking needs no more")
    except WherefromError as error:
        return failed("store", *split_error(error))
    return ok("store", f"{home} answers; {told}{more}")


def model_in(home: Home) -> str | None:
    """Return the model that the index names, that of `default`, as far as it can be read."""
    with suppress(WherefromError), home.engine.open_truth(home.place(DEFAULT), False) as truth:
        with truth.reading() as reader:
            manifest = read_manifest(reader)
            return None if manifest is None else manifest.encoder.name
    return None


def _documents(home: Home, name: str) -> int:
    with home.engine.open_truth(home.place(name), False) as truth, truth.reading() as reader:
        return reader.state().documents
