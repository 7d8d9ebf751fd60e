"""Start a database, run the conformance kit and the tests that need one, and stop it: `python -m tests.cluster`.

Whatever else is given goes to pytest: `python -m tests.cluster -k oceanbase -x`.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.errors import WherefromError
from eval.cluster.seekdb import seekdb
from tests.conformance.engines import STORE_VARIABLE

ROOT = Path(__file__).resolve().parents[2]
TESTED = ("tests/conformance", "tests/cluster")
DATABASE = "wherefrom_tests"


def main(options: list[str]) -> int | str:
    """Return the status of pytest, or why no database starts."""
    # What ends this process ends the block below, and with it the database.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with TemporaryDirectory(prefix="wherefrom-cluster-") as folder:
        try:
            with seekdb(Path(folder) / "seekdb") as database:
                environment = os.environ | {STORE_VARIABLE: database.address(DATABASE)}
                command = [sys.executable, "-m", "pytest", *TESTED, *options]
                with subprocess.Popen(command, cwd=ROOT, env=environment) as tests:
                    # A terminal tells pytest of Ctrl+C, too, and it ends in order what it has started.
                    signal.signal(signal.SIGINT, lambda *_: None)
                    try:
                        return tests.wait()
                    finally:
                        tests.terminate()
        except KeyboardInterrupt:
            return "stopped"
        except WherefromError as error:
            return f"error: {error}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
