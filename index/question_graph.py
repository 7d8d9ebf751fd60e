"""The question encoder as a graph of eight-bit integers: made once from a model, checked against it, kept beside it.

A graph answers in a sixth of the time and without torch. Weights are quantised a channel at a time, activations as
they come (dynamic quantisation, Jacob et al., 2018). Models it cannot be made of go on as they are.
"""

import json
import logging
import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.errors import ModelUnavailable
from index.embedded_model import is_intact, put_in_place, seal
from index.graph_encoder import FACTS, GRAPH, TOKENIZER, GraphEncoder, open_graph

if TYPE_CHECKING:
    from index.sentence_transformers_encoder import SentenceTransformersEncoder

GRAPH_VERSION = 2  # raised when graphs are made in another way; older ones are left alone
OPSET = 17  # the newest that the exporter by tracing writes
# How near a graph must come to its model on each sample: eight bits cost about 0.001, a wrong graph far more.
LEAST_COSINE = 0.98
SAMPLE = (
    "how many people came to work in the city in 2022",
    "2022年有多少人到上海工作？",
    "Wie lange dauert die Fahrt?",
    "¿Cuántas escuelas hay?",
    "Сколько предприятий участвовало в ярмарке?",
    "咖啡",
    "14,809",
    "Which airline flew the plane that brought the workers back after the Spring Festival, and at what price a ticket?",
)


def graph_folder(cache_dir: Path, name: str, revision: str) -> Path:
    """Return where the graph of a model belongs."""
    digest = sha256(f"{name}\0{revision}".encode()).hexdigest()[:16]
    return cache_dir / f"question-graph-{GRAPH_VERSION}-{digest}"


def find_graph(cache_dir: Path, name: str, revision: str) -> GraphEncoder | None:
    """Return the graph of a model, if there is one and it is whole."""
    folder = graph_folder(cache_dir, name, revision)
    return open_graph(folder) if is_intact(folder) else None


def make_graph(encoder: "SentenceTransformersEncoder", tokenizer: Path, cache_dir: Path) -> GraphEncoder:
    """Make the graph of a model, check it and keep it.

    Args:
        encoder: the model.
        tokenizer: its `tokenizer.json`.
        cache_dir: where graphs are kept.

    Raises:
        ModelUnavailable: if no graph can be made of this model or the graph strays from it, with the reason.
    """
    spec = encoder.spec
    folder = graph_folder(cache_dir, spec.name, spec.revision)
    facts = {
        "pooling": _pooling_of(encoder.modules()),
        "special": encoder.special_ids(),
        "spec": asdict(spec),
    }
    if not tokenizer.is_file():
        raise ModelUnavailable("it has no tokenizer.json")
    try:
        cache_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f"{folder.name}-", dir=cache_dir) as workshop:
            finished = Path(workshop, "finished")
            finished.mkdir()
            _export(encoder.modules()[0], Path(workshop, "exact.onnx"), finished / GRAPH)
            (finished / TOKENIZER).write_bytes(tokenizer.read_bytes())
            (finished / FACTS).write_text(json.dumps(facts, indent=2) + "\n")
            _check(open_graph(finished), encoder)
            seal(finished)
            put_in_place(finished, folder)
    except OSError as error:
        raise ModelUnavailable(f"{cache_dir} cannot be written ({error.strerror or error})") from error
    return open_graph(folder)


def _pooling_of(modules: Sequence[Any]) -> str:
    """Return how the tokens of a model become one vector.

    Raises:
        ModelUnavailable: if it is done in a way that a graph here does not know.
    """
    names = [type(module).__name__ for module in modules]
    if names not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        raise ModelUnavailable(f"it is made of {', '.join(names)}")
    if getattr(modules[0], "do_lower_case", False):
        raise ModelUnavailable("it lowers the case of its input")
    mode = str(modules[1].pooling_mode)
    if mode not in ("mean", "cls") or not modules[1].include_prompt:
        raise ModelUnavailable(f"its pooling is {mode}")
    return mode


def _export(transformer: Any, exact: Path, quantised: Path) -> None:
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    class Tokens(torch.nn.Module):
        """The model from ids to the vectors of tokens."""

        def __init__(self) -> None:
            super().__init__()
            self.model = transformer.auto_model

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            tokens: torch.Tensor = self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            return tokens

    ids = torch.ones(2, 7, dtype=torch.long)
    free = {0: "texts", 1: "tokens"}
    try:
        with warnings.catch_warnings(), torch.inference_mode():
            warnings.simplefilter("ignore")  # what tracing has to say of every model
            torch.onnx.export(
                Tokens().eval(),
                (ids, torch.ones_like(ids)),
                str(exact),
                input_names=["input_ids", "attention_mask"],
                output_names=["vectors"],
                dynamic_axes={name: free for name in ("input_ids", "attention_mask", "vectors")},
                opset_version=OPSET,
                # The exporter that does not trace needs one package more and makes slower graphs.
                dynamo=False,
            )
            logging.disable(logging.WARNING)  # the quantiser advises the user on preparing graphs
            quantize_dynamic(
                exact,
                quantised,
                per_channel=True,
                weight_type=QuantType.QInt8,
                op_types_to_quantize=["MatMul", "Gather"],
                nodes_to_exclude=_narrowing(exact),
                extra_options={"MatMulConstBOnly": True},
            )
    except Exception as error:  # exporters raise anything at all for what they do not know
        raise ModelUnavailable(f"it cannot be exported ({type(error).__name__})") from error
    finally:
        logging.disable(logging.NOTSET)


def _narrowing(graph: Path) -> list[str]:
    """Return the names of the matrix products that make vectors shorter, which stay in single precision.

    What comes into them, the inside of a feed-forward layer, has a few numbers far larger than the rest, and eight
    bits for all of them lose the rest (Dettmers et al., LLM.int8(), 2022). Without these, cosines to the model rise
    from .997 to .999, for a quarter more time.
    """
    import onnx

    model = onnx.load(str(graph)).graph
    shapes = {each.name: tuple(each.dims) for each in model.initializer}
    products = [node for node in model.node if node.op_type == "MatMul" and node.input[1] in shapes]
    return [node.name for node in products if shapes[node.input[1]][0] > shapes[node.input[1]][-1]]


def _check(graph: GraphEncoder, encoder: "SentenceTransformersEncoder") -> None:
    expected = encoder.encode_queries_with_tokens(SAMPLE)
    for text, vector, tokens in zip(SAMPLE, expected.vectors, expected.tokens, strict=True):
        found = graph.encode_queries_with_tokens([text])
        if len(found.tokens[0]) != len(tokens):
            raise ModelUnavailable(f"its graph reads {len(found.tokens[0])} tokens of {text!r}, not {len(tokens)}")
        cosine = min(float(found.vectors[0] @ vector), float(np.mean(np.sum(found.tokens[0] * tokens, axis=1))))
        if cosine < LEAST_COSINE:
            raise ModelUnavailable(f"its graph strays from it: cosine {cosine:.3f} on {text!r}")
