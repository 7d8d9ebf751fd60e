"""What an index was built with; another model, arithmetic, splitter or normaliser is refused with what to run."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from importlib.metadata import version

from corpus.errors import IndexMismatch, StoreDamaged, StoreUnavailable
from corpus.splitting.passages import SPLITTER_VERSION, SplitterSettings
from corpus.splitting.search_text import NORMALISER_VERSION
from corpus.store.copying import UNFINISHED
from corpus.store.truth import Reader, Writer
from index.models.encoder import EncoderSpec, ModelChoice
from index.terms.terms import TERMS_VERSION

MANIFEST = "manifest"
LIBRARIES = (
    "faiss-cpu",
    "langchain-text-splitters",
    "numpy",
    "onnxruntime",
    "sentence-transformers",
    "tokenizers",
    "torch",
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What decides the passages of an index and their vectors.

    Equal manifests and equal documents give the same passages, and the same vectors as far as processors and versions
    of libraries agree. Processors do not in the last bits of a sum in single precision. In products of eight-bit
    integers, x86 processors without instructions for them (VNNI) may cut off sums of two at 16 bits. Either difference
    can grow, layer by layer, to that between the eight-bit graph and its model, a cosine of .9997.

    Attributes:
        encoder: the model that made the vectors, and the arithmetic by which it did.
        splitter: how long passages are.
        splitter_version: of the rules that cut passages.
        normaliser_version: of the rules that make search text.
        terms_version: of the rules that make terms of it.
        libraries: versions the index was begun with; told for the record, never compared.
    """

    encoder: EncoderSpec
    splitter: SplitterSettings
    splitter_version: int
    normaliser_version: int
    terms_version: int
    libraries: dict[str, str]

    def fingerprint(self) -> str:
        """Return the digest of everything that must be the same for vectors to be compared."""
        facts = {name: value for name, value in asdict(self).items() if name != "libraries"}
        return sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def make_manifest(encoder: EncoderSpec, splitter: SplitterSettings) -> Manifest:
    """Return the manifest of an index that is built now."""
    libraries = {name: version(name) for name in LIBRARIES}
    return Manifest(encoder, splitter, SPLITTER_VERSION, NORMALISER_VERSION, TERMS_VERSION, libraries)


def read_manifest(reader: Reader) -> Manifest | None:
    """Return the manifest of a store, or `None` if nothing was indexed in it yet.

    Raises:
        StoreDamaged: if there is one that cannot be read.
        IndexMismatch: if it is of a version that did not say by which arithmetic vectors are made.
        StoreUnavailable: if it becomes a copy of another and is not whole yet: no answer from it would be right.
    """
    if begun := reader.meta(UNFINISHED):
        way_out = "run the same wherefrom copy to its end, or make it another one's with --replace"
        raise StoreUnavailable(f"this is an unfinished copy of {begun}; {way_out}")
    text = reader.meta(MANIFEST)
    if text is None:
        return None
    try:
        facts = json.loads(text)
        if "arithmetic" not in facts["encoder"]:
            raise IndexMismatch(
                "this index is of an earlier version, which did not say by which arithmetic its vectors were made; "
                "run: wherefrom index --upgrade"
            )
        encoder, splitter = EncoderSpec(**facts.pop("encoder")), SplitterSettings(**facts.pop("splitter"))
        return Manifest(encoder=encoder, splitter=splitter, **facts)
    except (ValueError, TypeError, KeyError) as error:
        raise StoreDamaged(f"the manifest of the index cannot be read ({error}); index into a new --data-dir") from None


def begun_with(text: str | None) -> tuple[str | None, SplitterSettings]:
    """Return the model that a manifest of any version names, if it does, and how long its passages are."""
    try:
        facts = json.loads(text or "")
        name, settings = facts["encoder"]["name"], SplitterSettings(**facts["splitter"])
        usable = isinstance(name, str) and isinstance(settings.limit, int) and 1 < settings.target <= settings.limit
    except (ValueError, TypeError, KeyError):
        return None, SplitterSettings()
    return (name, settings) if usable else (None, SplitterSettings())


def says(text: str, manifest: Manifest) -> bool:
    """Return whether a manifest as it was written says what `manifest` does, libraries aside."""
    try:
        return bool({**json.loads(text), "libraries": None} == {**asdict(manifest), "libraries": None})
    except (ValueError, TypeError):
        return False


def alike(notes: Mapping[str, str], others: Mapping[str, str]) -> bool:
    """Return whether the features of two stores may stand side by side, by the notes that these keep.

    Raises:
        StoreDamaged: if a manifest cannot be read.
    """
    return _facts_in(notes) == _facts_in(others)


def _facts_in(notes: Mapping[str, str]) -> dict[str, object] | None:
    try:
        return {**json.loads(notes[MANIFEST]), "libraries": None} if MANIFEST in notes else None
    except (ValueError, TypeError) as error:
        raise StoreDamaged(f"the manifest of the index cannot be read ({error}); index into a new --data-dir") from None


def write_manifest(writer: Writer, manifest: Manifest) -> None:
    """Keep the manifest of a store."""
    writer.set_meta(MANIFEST, json.dumps(asdict(manifest), sort_keys=True))


def check_manifest(found: Manifest, wanted: Manifest) -> None:
    """Refuse an index that was built otherwise than is wanted.

    Raises:
        IndexMismatch: naming the first difference, because vectors of two models cannot be compared.
    """
    if found.fingerprint() == wanted.fingerprint():
        return
    old, new = asdict(found), asdict(wanted)
    name = next(name for name in old if name != "libraries" and old[name] != new[name])
    what = name.replace("_", " ")
    before, now = _difference(old[name], new[name])
    raise IndexMismatch(
        f"this index was built with {what} {before}, now it is {now}; "
        "run: wherefrom index --rebuild (keeps the documents), or name another --data-dir"
    )


def check_unchanged(reader: Reader, serving: Manifest) -> None:
    """Refuse to go on with this process's model after another process has rebuilt the index with another.

    Raises:
        IndexMismatch: if it has.
        StoreUnavailable: if another process copies into it.
    """
    found = read_manifest(reader)
    if found is not None and found.fingerprint() != serving.fingerprint():
        raise IndexMismatch(
            f"the index was rebuilt with {found.encoder.name} while this process "
            f"serves {serving.encoder.name}; restart it"
        )


def chosen_model(manifest: Manifest, wanted: str | None) -> ModelChoice:
    """Return the model of an index, to be loaded with the arithmetic that made its vectors.

    Raises:
        IndexMismatch: if another model is wanted.
    """
    encoder = manifest.encoder
    if wanted is not None:
        check_manifest(manifest, replace(manifest, encoder=replace(encoder, name=wanted)))
    return ModelChoice(encoder.name, encoder.arithmetic)


def _difference(old: object, new: object) -> tuple[str, str]:
    if isinstance(old, dict) and isinstance(new, dict):
        keys = [key for key in old if old[key] != new.get(key)]
        return ", ".join(f"{key}={old[key]}" for key in keys), ", ".join(f"{key}={new.get(key)}" for key in keys)
    return str(old), str(new)
