"""From a model of torch to a graph of eight-bit integers that reads one text at a time.

Weights are quantised a channel at a time, activations as they come with one scale a product (dynamic quantisation,
Jacob et al., 2018). What comes into the two products of a feed-forward layer has a few channels that are ten times
larger than all others, and eight bits for all of them lose the others. These few are multiplied in single precision
beside the rest (Dettmers et al., LLM.int8(), 2022): cosines to the model rise from .997 to .999, for a tenth more time.
The same for the products of attention changed nothing that was found. Attention as one operator (`MultiHeadAttention`
of ONNX Runtime) and blocks with scales of their own (`MatMulNBits`) were no faster, or slower.
"""

import copy
import logging
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

FEW = 8  # channels in single precision, of 1,536; one or two are needed, and 32 come no nearer
IN_FULL = "in_full"  # of a product that stays in single precision
OPSET = 17  # the newest that the exporter by tracing writes


def export_graph(transformer: Any, sample: Sequence[Sequence[int]], target: Path) -> None:
    """Write the graph of a transformer, from the ids of one text, `input_ids` of shape `(1, tokens)`, to `vectors`.

    Args:
        transformer: a model of the transformers library, which is left as it is.
        sample: ids of texts, which show which channels are large.
        target: the file to write; a larger one stands beside it meanwhile.

    Raises:
        Exception: whatever the libraries raise for a model that they do not know.
    """
    import torch

    exact = target.with_suffix(".exact.onnx")
    model = copy.deepcopy(transformer).eval()
    try:
        with warnings.catch_warnings(), torch.inference_mode():
            warnings.simplefilter("ignore")  # what tracing has to say of every model
            model.set_attn_implementation("eager")  # which makes the simplest graph
            _set_large_channels_apart(model, sample)
            _trace(model, exact)
        _quantise(exact, target)
    finally:
        exact.unlink(missing_ok=True)


def _set_large_channels_apart(model: Any, sample: Sequence[Sequence[int]]) -> None:
    """Replace the products of feed-forward layers by sums of two, the smaller one of the large channels."""
    import torch

    class Apart(torch.nn.Module):
        """A product in two parts: all channels but the large ones, and those."""

        def __init__(self, linear: Any, large: Any) -> None:
            super().__init__()
            others = torch.ones(linear.in_features)
            others[large] = 0
            self.register_buffer("others", others)
            self.register_buffer("large", large)
            self.linear = linear
            self.in_full = torch.nn.Parameter(linear.weight[:, large].T.contiguous())

        def forward(self, vectors: Any) -> Any:
            few = vectors.index_select(-1, self.large)
            return self.linear(vectors * self.others) + torch.matmul(few, self.in_full)

    peaks: dict[str, Any] = {}

    def watch(name: str) -> Any:
        def note(module: Any, inputs: Any) -> None:
            highest = inputs[0].abs().flatten(0, -2).amax(dim=0)
            peaks[name] = torch.maximum(peaks.get(name, highest), highest)

        return note

    # What makes vectors longer or shorter is no part of attention.
    products = {
        name: module
        for name, module in model.named_modules()
        if isinstance(module, torch.nn.Linear) and FEW < module.in_features != module.out_features
    }
    watched = [module.register_forward_pre_hook(watch(name)) for name, module in products.items()]
    for ids in sample:
        model(input_ids=torch.tensor([ids]))
    for hook in watched:
        hook.remove()
    for name in peaks:
        parent, _, own_name = name.rpartition(".")
        large = torch.topk(peaks[name], FEW).indices.sort().values
        setattr(model.get_submodule(parent), own_name, Apart(products[name], large))


def _trace(model: Any, target: Path) -> None:
    import torch

    class Tokens(torch.nn.Module):
        """The model from ids to the vectors of tokens."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any) -> Any:
            return self.model(input_ids=input_ids).last_hidden_state

    torch.onnx.export(
        Tokens().eval(),
        (torch.ones(1, 7, dtype=torch.long),),
        str(target),
        input_names=["input_ids"],
        output_names=["vectors"],
        dynamic_axes={name: {1: "tokens"} for name in ("input_ids", "vectors")},
        opset_version=OPSET,
        # The exporter that does not trace needs one package more and makes slower graphs.
        dynamo=False,
    )


def _quantise(exact: Path, target: Path) -> None:
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    nodes = onnx.load(str(exact)).graph.node
    logging.disable(logging.WARNING)  # the quantiser advises the user on preparing graphs
    try:
        quantize_dynamic(
            exact,
            target,
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul", "Gather"],
            nodes_to_exclude=[node.name for node in nodes if any(IN_FULL in name for name in node.input)],
            extra_options={"MatMulConstBOnly": True},
        )
    finally:
        logging.disable(logging.NOTSET)
