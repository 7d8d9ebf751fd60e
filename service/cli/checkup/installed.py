"""What is installed, and what the environment sets."""

import os
import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import Requirement

from corpus.store.looking import SQLITE
from service.cli.checkup.check import Check, failed, ok, warning
from service.settings import PREFIX, unknown_variables

DISTRIBUTION = "wherefrom"
TOLD = ("faiss-cpu", "onnxruntime", "torch")  # that vectors depend on
REINSTALL = "install it again, in an environment of its own: pip install -c constraints.txt ."


def check_version() -> Check:
    """Look whether what is installed is what this version was tested with."""
    wrong = list(_wrong_versions())
    if wrong:
        return failed("version", f"{DISTRIBUTION} {version(DISTRIBUTION)} needs {', '.join(wrong)}", REINSTALL)
    told = [f"{DISTRIBUTION} {version(DISTRIBUTION)}", f"Python {platform.python_version()}", f"SQLite {SQLITE}"]
    return ok("version", ", ".join([*told, *(f"{name} {version(name)}" for name in TOLD)]))


def _wrong_versions() -> Iterator[str]:
    """Yield each package that is not there, or not in a version that is asked for."""
    for requirement in map(Requirement, requires(DISTRIBUTION) or ()):
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        wanted = f"{requirement.name} {requirement.specifier}"
        try:
            found = version(requirement.name)
        except PackageNotFoundError:
            yield f"{wanted}, which is not installed"
        else:
            if not requirement.specifier.contains(found, prereleases=True):
                yield f"{wanted}, not {found}"


def check_variables() -> Check:
    """Look for variables that look like settings and are none."""
    unknown = unknown_variables()
    if unknown:
        told, ways_out = zip(*(each.split("; ", 1) for each in unknown), strict=True)
        if len(unknown) > 1:  # then it has to be said which is for which
            ways_out = tuple(f"{each.split()[0]}: {way_out}" for each, way_out in zip(told, ways_out, strict=True))
        return warning("variables", "; ".join(told), "; ".join(ways_out))
    known = sorted(name for name, value in os.environ.items() if name.upper().startswith(PREFIX) and value)
    return ok("variables", ", ".join(known) or "none is set; all settings have their defaults")
