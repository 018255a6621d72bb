"""The span finder's network in PyTorch, and its export to onnxruntime.

MiniLM-L6 (Wang et al. 2020, six layers of width 384, here the weights of all-MiniLM-L6-v2) with two more
embeddings added to the word pieces, the case pattern and the known name, and two linear layers to
tags: one behind the last layer, one behind the first ones, where most word pieces stop (Li et al. 2021).
"""

import math
from pathlib import Path
from typing import Any

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from torch.autograd import Function
from transformers import BertModel

from pipelines.components.span_finder import Shape
from pipelines.known import CODES

__all__ = ["INPUTS", "Network", "export", "round_as_int8"]

WHOLE = 2
"""Layers that read every word piece; the others read those that may be in a name, and see the others as these layers left them."""
SURE, SURE_ENOUGH = 0.99, 0.95
"""The probability of "outside" after the first layers from which a word piece goes no further: in training, and in what is shipped."""
INPUTS = ("ids", "types", "shapes", "known")


class Network(nn.Module):
    """Word pieces in, one row of tag scores for each out."""

    def __init__(self, encoder: Path, tags: int) -> None:
        """Load the pretrained encoder; the new parts start at zero, so training starts from what the encoder knows."""
        super().__init__()
        self.bert = BertModel.from_pretrained(encoder, add_pooling_layer=False, attn_implementation="sdpa")
        width = self.bert.config.hidden_size
        self.shape = nn.Embedding(len(Shape), width)
        self.known = nn.Embedding(CODES, width)
        for table in (self.shape, self.known):
            nn.init.zeros_(table.weight)
        self.dropout = nn.Dropout(0.1)
        self.tags = nn.Linear(width, tags)
        self.early = nn.Linear(width, tags)
        self.stops = False
        """Whether word pieces that are surely outside after the first layers stop there."""
        for table in (self.early.weight, self.early.bias):
            nn.init.zeros_(table)
        self.bert.embeddings.word_embeddings.weight.requires_grad_(requires_grad=False)
        for name, module in self.bert.named_modules():
            if isinstance(module, nn.Dropout) or name.endswith("attention.self"):
                module.p = module.dropout_prob = 0.0  # costs a third of the time; masked words regularise instead
            if isinstance(module, nn.Linear):
                module.register_forward_pre_hook(round_as_int8)

    def forward(self, ids: Tensor, types: Tensor, shapes: Tensor, known: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        """Return the tag scores (texts, pieces, tags), and if word pieces stop early, all their early scores; all inputs are (texts, pieces)."""
        inputs, layers = self.bert.embeddings, self.bert.encoder.layer
        words = inputs.word_embeddings(ids) + self.shape(shapes) + self.known(known)
        states = inputs(inputs_embeds=words, token_type_ids=types)
        seen = mask[:, None, None, :].bool()
        for layer in layers[:WHOLE]:
            states = _read(layer, states, seen)
        if not self.stops:
            for layer in layers[WHOLE:]:
                states = _read(layer, states, seen)
            return (self.tags(self.dropout(states)),)
        early: Tensor = self.early(self.dropout(states))
        goes_on = torch.log_softmax(early.detach().float(), -1)[..., :1] < math.log(SURE)
        for layer in layers[WHOLE:]:
            states = torch.where(goes_on, _read(layer, states, seen), states)
        return torch.where(goes_on, self.tags(self.dropout(states)), early), early


def _read(layer: nn.Module, states: Tensor, seen: Tensor) -> Tensor:
    """Return what a layer of BERT makes of the states."""
    own: Any = layer.attention.self
    query, key, value = (part(states).unflatten(-1, (own.num_attention_heads, -1)).transpose(1, 2) for part in (own.query, own.key, own.value))
    context = nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=seen).transpose(1, 2).flatten(2)
    states = layer.attention.output(context, states)
    read: Tensor = layer.output(layer.intermediate(states), states)
    return read


@torch.no_grad()
def _rounding(states: Tensor) -> Tensor:
    low = states.amin((1, 2), keepdim=True).clamp(max=0)
    step = (states.amax((1, 2), keepdim=True).clamp(min=0) - low).clamp(min=1e-6) / 255
    return torch.round(states / step) * step - states


def round_as_int8(module: nn.Module, inputs: tuple[Tensor]) -> tuple[Tensor] | None:
    """Round what enters a matrix to the 256 steps that int8 will have, so that training gets used to it (Jacob et al. 2018)."""
    return (inputs[0] + _rounding(inputs[0]),) if module.training else None


class _Attention(Function):
    """Attention in the form of onnxruntime's operator."""

    @staticmethod
    def forward(_: object, query: Tensor, key: Tensor, value: Tensor, heads: int) -> Tensor:
        parts = (part.unflatten(-1, (heads, -1)).transpose(1, 2) for part in (query, key, value))
        return nn.functional.scaled_dot_product_attention(*parts).transpose(1, 2).flatten(2)

    @staticmethod
    def symbolic(graph: Any, query: Any, key: Any, value: Any, heads: int) -> Any:  # noqa: ANN401 - PyTorch has no names for them
        return graph.op("com.microsoft::MultiHeadAttention", query, key, value, num_heads_i=heads).setType(query.type())


class _Exportable(nn.Module):
    """The same computation on one text, of which the word pieces that go on are taken out and put back."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, types: Tensor, shapes: Tensor, known: Tensor) -> Tensor:
        net, inputs, layers = self.network, self.network.bert.embeddings, self.network.bert.encoder.layer
        places = torch.arange(ids.shape[1])[None]
        states = inputs.word_embeddings(ids) + net.shape(shapes) + net.known(known)
        states = inputs.LayerNorm(states + inputs.token_type_embeddings(types) + inputs.position_embeddings(places))
        for layer in layers[:WHOLE]:
            states = self._read(layer, states, states)
        scores = torch.log_softmax(net.early(states), -1)
        goes_on = scores[0, 1:, 0] < math.log(SURE_ENOUGH)
        chosen = torch.cat([torch.ones(1, dtype=torch.bool), goes_on]).nonzero()[:, 0]  # the first always, for nothing can be read of nothing
        back = torch.zeros_like(chosen), chosen
        going = states[:, chosen]
        for layer in layers[WHOLE:]:
            going = self._read(layer, going, states)
            states = states.index_put(back, going[0])
        return scores.index_put(back, torch.log_softmax(net.tags(going), -1)[0])

    @staticmethod
    def _read(layer: Any, going: Tensor, states: Tensor) -> Tensor:  # noqa: ANN401 - a layer of BERT
        own = layer.attention.self
        context = _Attention.apply(own.query(going), own.key(states), own.value(states), own.num_attention_heads)
        going = layer.attention.output.LayerNorm(layer.attention.output.dense(context) + going)
        inner = nn.functional.gelu(layer.intermediate.dense(going))
        read: Tensor = layer.output.LayerNorm(layer.output.dense(inner) + going)
        return read


def export(network: Network, path: Path) -> None:
    """Write the network as int8 ONNX for one text; weights are quantised per channel, activations at run time."""
    example = torch.ones((1, 8), dtype=torch.int64)
    plain = path.with_suffix(".plain.onnx")
    torch.onnx.export(
        _Exportable(network).eval(),
        (example,) * len(INPUTS),
        str(plain),
        input_names=[*INPUTS],
        output_names=["scores"],
        dynamic_axes={name: {1: "pieces"} for name in [*INPUTS, "scores"]},
        opset_version=17,
        custom_opsets={"com.microsoft": 1},
        dynamo=False,
    )
    quantize_dynamic(
        str(plain), str(path), weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul", "Gather"], extra_options={"DefaultTensorType": 1}
    )
    plain.unlink()
