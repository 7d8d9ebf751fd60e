"""The process that reads files for an `Extractor`: a line of JSON in, a line of JSON out, until there are no more."""

import json
import os
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any

from corpus.errors import WherefromError
from corpus.files.allowance import memory_in_use


def main() -> None:
    """Answer the requests on standard input. What libraries print must not end up among the answers."""
    _bound_memory(int(sys.argv[1]))
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        for line in sys.stdin.buffer:
            answer = _answer(**json.loads(line)) | {"held": memory_in_use()}
            answers.write(json.dumps(answer).encode() + b"\n")
            answers.flush()


def _answer(function: str, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return what a function returns; its module and the library behind it are loaded when first needed."""
    module, _, called = function.partition(":")
    try:
        return {"returned": getattr(import_module(module), called)(**arguments)}
    except WherefromError as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": "it needs far more memory to read than what is in it should; save it in a simpler form"}
    except Exception as error:  # what a parser does with a file that is damaged is not foreseen
        return {"error": f"it is damaged or no {name} ({type(error).__name__}); open it and save it again"}


def _bound_memory(limit: int) -> None:
    with suppress(ImportError, ValueError, OSError):  # Windows has no such bound, macOS does not keep to it
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


if __name__ == "__main__":
    main()
