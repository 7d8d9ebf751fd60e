"""The encoder behind which every model of sentence-transformers stands."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.errors import ModelUnavailable
from index.models.encoder import Encoded, EncoderSpec, Progress, Vectors
from index.models.hub import ModelFolder, first_line
from index.models.prompts import prompts_of
from index.models.tokens import TOKEN_LAYERS, mended, rarities_at, rarities_of, text_token_positions, unit

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

TORCH_ARITHMETIC = "torch float32"
BATCH_TOKENS = 512  # padding included; larger batches are slower on one core, and let questions wait longer
NO_LIMIT = 1_000_000  # tokens; the libraries say 10^30 or infinity where a model states no limit of its own
UNLIMITED_INPUT = 8192  # what we then call the longest input: a number to cut passages by


def load_sentence_transformers(name: str, folder: ModelFolder) -> "SentenceTransformersEncoder":
    """Load a model from its folder in single precision: no network, no code of the model's own, no pickle.

    From here on torch computes with one thread in this process: two spin against each other as soon as
    another process is busy, which can cost a factor of 71.

    Raises:
        ModelUnavailable: if the libraries cannot make a model of what the folder holds.
    """
    import torch
    from sentence_transformers import SentenceTransformer

    silence()
    torch.set_num_threads(1)
    try:
        model = SentenceTransformer(
            str(folder.path),
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True, "dtype": torch.float32},
        )
    except Exception as error:  # the libraries raise anything at all for a broken folder
        raise ModelUnavailable(f"the model {name} cannot be loaded: {first_line(error)}") from error
    tokenizer = folder.path / "tokenizer.json"
    rarities = rarities_of(tokenizer.read_bytes()) if tokenizer.is_file() else np.empty(0, np.float32)
    return SentenceTransformersEncoder(model, name, folder.revision, rarities)


def silence() -> None:
    """Keep the libraries from writing progress bars and advice among our own messages."""
    from transformers.utils.logging import disable_progress_bar

    for library in ("huggingface_hub", "sentence_transformers", "transformers"):
        logging.getLogger(library).setLevel(logging.ERROR)
    disable_progress_bar()  # type: ignore[no-untyped-call]


class SentenceTransformersEncoder:
    """An encoder of a loaded model; any number of threads may share it.

    One batch is computed at a time, so that a question waits for a batch of passages at most.
    """

    def __init__(self, model: "SentenceTransformer", name: str, revision: str, rarities: Vectors) -> None:
        self._model = model
        self._rarities = rarities
        self._lock = Lock()  # the tokenizers cannot be shared: each call changes their padding
        self._ids_of_prompts: dict[str, list[int]] = {}
        query_prompt, passage_prompt = prompts_of(model.prompts, name)
        longest = longest_input(model)
        if longest < (model.max_seq_length or NO_LIMIT) < NO_LIMIT:
            model.max_seq_length = longest  # some models state more than their positions, and fail beyond them
        self._spec = EncoderSpec(
            name=name,
            revision=revision,
            dimension=dimension_of(model, name),
            max_tokens=longest,
            query_prompt=query_prompt,
            passage_prompt=passage_prompt,
            arithmetic=TORCH_ARITHMETIC,
            token_layers=TOKEN_LAYERS.get(name, 1),
        )
        if self._spec.token_layers > 1:
            from index.models.token_means import with_mean_of_layers

            with_mean_of_layers(self.modules()[0], self._spec.token_layers)

    @property
    def spec(self) -> EncoderSpec:
        """The facts of this model."""
        return self._spec

    def modules(self) -> list[Any]:
        """Return what the model is made of, in the order a text goes through it."""
        return list(self._model)

    def passage_ids(self, text: str) -> list[int]:
        """Return the tokens that the model reads of a passage, prompt and special tokens included."""
        return self._ids_of(self._spec.passage_prompt + mended(text))[: self._spec.max_tokens]

    def special_ids(self) -> list[int]:
        """Return the tokens that stand for no text."""
        return sorted(self._model.tokenizer.all_special_ids)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a question, shape `(len(texts), dimension)`."""
        return self.encode_queries_with_tokens(texts).vectors

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return one unit vector a passage, shape `(len(texts), dimension)`, in the order of `texts`.

        `progress` is called after each batch with the number of texts in it.
        """
        return self.encode_passages_with_tokens(texts, progress).vectors

    def encode_queries_with_tokens(self, texts: Sequence[str]) -> Encoded:
        """Return questions with the vectors of their tokens, in one pass of the model."""
        return self._encode(texts, self._model.encode_query, self._spec.query_prompt)

    def encode_passages_with_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> Encoded:
        """Return passages with the vectors of their tokens, in one pass of the model."""
        return self._encode(texts, self._model.encode_document, self._spec.passage_prompt, progress)

    def count_passage_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each passage has, prompt and special tokens included, before any cut."""
        return self._count_tokens([mended(text) for text in texts], self._spec.passage_prompt)

    def _encode(
        self, texts: Sequence[str], encode: Callable[..., Any], prompt: str, progress: Progress | None = None
    ) -> Encoded:
        readable = [mended(text) for text in texts]
        vectors = np.empty((len(texts), self._spec.dimension), np.float32)
        tokens: list[Vectors] = [vectors[:0]] * len(texts)
        rarities: list[Vectors] = [vectors[:0, 0]] * len(texts)
        for places in self._batches(readable, prompt):
            batch = [readable[place] for place in places]
            with self._lock:
                outputs = encode(
                    batch, prompt=prompt, batch_size=len(batch), output_value=None, show_progress_bar=False
                )
            for place, output in zip(places, outputs, strict=True):
                vectors[place] = unit(output["sentence_embedding"].float().numpy())
                if "token_embeddings" in output:
                    tokens[place], rarities[place] = self._text_tokens(output, prompt)
            if progress:
                progress(len(places))
        return Encoded(vectors, tokens, rarities)

    def _text_tokens(self, output: Mapping[str, Any], prompt: str) -> tuple[Vectors, Vectors]:
        """Return the unit vectors of a text's own tokens, of those that the model put out, and how rare they are."""
        mask = output["attention_mask"].tolist()
        ids = [each for each, seen in zip(output["input_ids"].tolist(), mask, strict=True) if seen]
        found = output.get("token_means", output["token_embeddings"])
        vectors = found.float().numpy()[np.array(mask, dtype=bool)]
        places = text_token_positions(ids, self._prompt_ids(prompt) if prompt else [], set(self.special_ids()))
        return unit(vectors[places]), rarities_at(self._rarities, [ids[place] for place in places])

    def _prompt_ids(self, prompt: str) -> list[int]:
        if prompt not in self._ids_of_prompts:
            self._ids_of_prompts[prompt] = self._ids_of(prompt)
        return self._ids_of_prompts[prompt]

    def _ids_of(self, text: str) -> list[int]:
        with self._lock:
            ids: list[int] = self._model.tokenizer(text)["input_ids"]
        return ids

    def _batches(self, texts: list[str], prompt: str) -> Iterator[list[int]]:
        """Yield the places of texts of like length, for little is then spent on padding."""
        if len(texts) < 2:
            lengths = [0] * len(texts)
        else:
            lengths = [min(length, self._spec.max_tokens) for length in self._count_tokens(texts, prompt)]
        batch: list[int] = []
        for place in sorted(range(len(texts)), key=lengths.__getitem__):
            if batch and lengths[place] * (len(batch) + 1) > BATCH_TOKENS:
                yield batch
                batch = []
            batch.append(place)
        if batch:
            yield batch

    def _count_tokens(self, texts: list[str], prompt: str) -> list[int]:
        if not texts:
            return []
        prompted = [prompt + text for text in texts]
        tokenizer = self._model.tokenizer
        with self._lock:
            if not callable(tokenizer):  # static embeddings have the bare tokenizer, without the wrapper
                return [len(encoding) for encoding in tokenizer.encode_batch(prompted)]
            encoded = tokenizer(prompted, truncation=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]


def dimension_of(model: "SentenceTransformer", name: str) -> int:
    """Return the length of the model's vectors.

    Raises:
        ModelUnavailable: if the model makes no vectors of a fixed length, because nothing can index them.
    """
    dimension = model.get_embedding_dimension()
    if not dimension:
        raise ModelUnavailable(f"the model {name} makes no vectors of texts; name an embedding model")
    return dimension


def longest_input(model: "SentenceTransformer") -> int:
    """Return how many tokens the model reads at most, by its settings, its tokenizer and its positions."""
    limits: list[int | None] = [model.max_seq_length, getattr(model.tokenizer, "model_max_length", None)]
    limits.append(getattr(model.config, "max_position_embeddings", None))
    for part_name, part in model.named_modules():
        if part_name.endswith("position_embeddings") and hasattr(part, "num_embeddings"):
            unused = 0 if part.padding_idx is None else part.padding_idx + 1  # RoBERTa counts from there
            limits.append(part.num_embeddings - unused)
    return min((limit for limit in limits if limit and 0 < limit < NO_LIMIT), default=UNLIMITED_INPUT)
