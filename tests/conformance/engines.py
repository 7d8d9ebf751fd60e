"""Which engines the kit is run on."""

from index.engine import Engine
from index.local.index import LOCAL
from tests.conformance.brute_force import BRUTE_FORCE

ENGINES: dict[str, Engine] = {"local": LOCAL, "brute force": BRUTE_FORCE}
