"""Which engines the kit is run on."""

from functools import partial

from index.engine import Engine
from index.local.index import LOCAL, LocalIndex
from tests.conformance.brute_force import BRUTE_FORCE

# Of few passages already, so that a small corpus is searched by clusters.
CLUSTERED = Engine(LOCAL.open_truth, partial(LocalIndex, clustered_from=20))

ENGINES: dict[str, Engine] = {"local": LOCAL, "local, clustered": CLUSTERED, "brute force": BRUTE_FORCE}
