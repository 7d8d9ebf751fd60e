"""The one model in memory, which serves all collections."""

from threading import Lock

from corpus.errors import IndexMismatch
from index.models.encoder import Encoder, ModelChoice
from index.models.registry import DEFAULT_MODEL
from index.opening import LoadEncoder


class OneModel:
    """Loads a model once, for whoever needs it."""

    def __init__(self, load: LoadEncoder) -> None:
        self._load = load
        self._lock = Lock()
        self._loaded: tuple[str, Encoder] | None = None

    @property
    def name(self) -> str:
        """What it is called, or would be if it were loaded without being told."""
        return DEFAULT_MODEL if self._loaded is None else self._loaded[0]

    def __call__(self, choice: ModelChoice) -> Encoder:
        """Return the encoder.

        Raises:
            IndexMismatch: if another one is loaded, for there is room for one.
        """
        with self._lock:
            if self._loaded is None:
                self._loaded = choice.name, self._load(choice)
            name, encoder = self._loaded
            if name != choice.name:
                raise IndexMismatch(
                    f"it was built with {choice.name}, and this service runs {name}; "
                    "serve it from a data folder of its own"
                )
            return encoder
