"""`wherefrom index --watch`: an index follows folders until the command is stopped."""

from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from corpus.errors import InvalidInput, NotFound, WherefromError
from corpus.files.folders.folder import Skipped, SourceFile
from corpus.files.folders.looking import Look, look
from corpus.files.folders.presence import Presence
from corpus.store.truth import Truth
from index.local.threads import compute_with_one_thread
from index.models.encoder import Encoder, ModelChoice
from index.models.registry import DEFAULT_MODEL
from index.opening import LoadEncoder, keep_index, model_of
from index.syncing import index_files, prune_paths
from index.writer import Indexer
from service.cli.indexing import Job
from service.cli.stopping import Stopped, telling
from service.cli.told import Teller
from service.cli.waking import Touched, Waker

SETTLED_SECONDS = 0.5  # after which a file that is not there is looked for again, before it counts as gone
RETRY_SECONDS = 5.0  # after an error: a database may be back then
QUIET_SECONDS = 10.0  # without changes, after which is kept what a search derives, so that the next begins at once


def follow(job: Job, load_encoder: LoadEncoder, *, as_json: bool) -> NoReturn:
    """Make an index equal to folders, and keep it so until a signal ends this.

    What goes wrong later is told and tried again: folders and databases come back.

    Raises:
        InvalidInput: if a path is a file.
        WherefromError: if the index cannot be made equal to begin with.
    """
    folders = [_folder_at(path) for path in job.paths]
    compute_with_one_thread()
    teller = Teller(as_json, dict(zip(folders, job.paths, strict=True)))
    with telling(teller.summary):
        try:
            _Follower(job, folders, load_encoder, teller).follow()
        except Stopped:
            teller.tell_end()
            raise


def _folder_at(path: Path) -> Path:
    if not path.exists():
        raise NotFound(f"{path}: no such folder; check the path")
    if not path.is_dir():
        raise InvalidInput(f"--watch follows folders, and {path} is a file; name the folder that it is in")
    return path.resolve()


class _Follower:
    def __init__(self, job: Job, folders: Sequence[Path], load_encoder: LoadEncoder, teller: Teller) -> None:
        self._job, self._folders, self._load, self._teller = job, folders, load_encoder, teller
        self._encoder: tuple[ModelChoice, Encoder] | None = None
        self._seen = Look()  # what the index is equal to, but for what is missing
        self._missing = frozenset[Path]()  # files that were missing at the last look, for the first time
        self._behind = True  # whether the index is not equal to the folders, as far as is known
        self._kept = True  # whether what a search derives is kept
        self._told = ""  # the error that was told last, which is not told again and again

    def follow(self) -> NoReturn:
        with Waker(self._folders, self._teller.tell_error) as waker:
            self._catch_up(frozenset(), prune=True)
            self._teller.tell_following()
            touched: Touched = frozenset()
            while True:
                woken = waker.wait(self._patience())
                touched |= woken or frozenset()
                try:
                    if woken is None and not self._behind:
                        self._keep()
                    else:
                        self._catch_up(touched)
                        touched = frozenset()
                    self._told = ""
                except (WherefromError, OSError) as error:
                    self._tell_error(str(error))

    def _patience(self) -> float | None:
        """Return how many seconds to wait for a change."""
        if self._told:
            return RETRY_SECONDS
        if self._behind:
            return SETTLED_SECONDS
        return None if self._kept else QUIET_SECONDS

    def _tell_error(self, reason: str) -> None:
        if reason != self._told:
            self._teller.tell_error(reason)
        self._told = reason

    def _catch_up(self, touched: Touched, *, prune: bool = False) -> None:
        """Make the index equal to the folders; a file counts as gone if it is missing at two looks.

        Between them others may put it in its place again, and a folder that is being removed is removed wholly, so that
        it counts as one that is away.

        Args:
            touched: files that are told to have changed.
            prune: whether documents may be of files that went before the first look.
        """
        self._behind = True
        now = look(self._folders, self._job.decoding)
        missing = now.gone_since(self._seen)
        settled = missing == self._missing
        self._write(now.since(self._seen, touched), prune=prune or (settled and bool(missing)))
        self._seen = now if settled else now.with_files(self._seen, missing)
        self._missing = frozenset() if settled else missing
        self._behind = not settled

    def _write(self, changed: Sequence[SourceFile | Skipped], *, prune: bool) -> None:
        files = [each for each in changed if isinstance(each, SourceFile)]
        self._teller.tell_skipped([each for each in changed if isinstance(each, Skipped)])
        engine, place = self._job.home.engine, self._job.place
        if files:
            with engine.open_truth(place, True) as truth:
                self._index(truth, files)
        if prune and self._exists():
            with engine.open_truth(place, False) as truth:
                self._prune(truth, self._folders, Presence())

    def _index(self, truth: Truth, files: Sequence[SourceFile]) -> None:
        """Index files, and remove what is gone from those of them that hold others."""
        presence = Presence()
        for event in index_files(truth, Indexer(truth, self._encoder_of(truth)), files, presence):
            self._teller.tell(event)
            self._kept = False
        self._prune(truth, presence.holders, presence)

    def _prune(self, truth: Truth, paths: Sequence[Path], presence: Presence) -> None:
        for gone in prune_paths(truth, paths, presence, force=self._job.force):
            self._teller.tell(gone)
            self._kept = False

    def _encoder_of(self, truth: Truth) -> Encoder:
        """Return the encoder of the index, another one if it was rebuilt with another model meanwhile."""
        choice = model_of(truth, self._job.model, DEFAULT_MODEL)
        if self._encoder is None or self._encoder[0] != choice:
            self._encoder = choice, self._load(choice)
        return self._encoder[1]

    def _exists(self) -> bool:
        home = self._job.home
        return self._job.place in map(home.place, home.names())

    def _keep(self) -> None:
        with self._job.home.engine.open_truth(self._job.place, False) as truth:
            keep_index(truth, self._job.place, self._job.home.engine)
        self._kept = True
