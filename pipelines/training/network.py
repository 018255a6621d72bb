"""The networks in PyTorch: the student, which is shipped, the teacher, and their second reader.

The student is MiniLM-L6 (Wang et al. 2020, six layers of width 384, here the weights of
all-MiniLM-L6-v2) with further embeddings added to the word pieces: the case pattern, and what is
known of the name. Two linear layers lead to tags, one behind the last layer, one behind the first
ones, where most word pieces stop (Li et al. 2021). The teacher is MPNet (Song et al. 2020, twelve
layers of width 768, here all-mpnet-base-v2) with the same inputs; its vocabulary is BERT's, four
places on, so that both read the same word pieces.
"""

import math
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import BertModel, MPNetModel

from kg.records import EntityType, Role
from pipelines.components.span_finder import Shape
from pipelines.known import CODES, JUDGED
from pipelines.training.packs import Candidates

__all__ = ["LONGEST", "WHOLE", "Student", "Teacher", "Verdicts", "read_layer"]

TAGS = 1 + 2 * len(EntityType)
WHOLE = 2
"""Number of layers that process every word piece.

The others process those that may be in a name, and attend to the rest as these layers left them.
"""
SURE = 0.99
"""Probability of "outside" from which a word piece exits early in training."""
LONGEST = 512
INNER = 256
BERT_PIECES, SHIFT = 30522, 4
SPECIAL = {0: 1, 101: 0, 102: 2, 103: 30526}
"""Padding, [CLS], [SEP] and [MASK] in BERT's vocabulary, and their numbers in MPNet's."""
FAR = -10_000.0


class Verdicts(nn.Module):
    """The second reader: predicts each candidate's type (or none) and role from its mentions."""

    def __init__(self, width: int) -> None:
        """Create it for hidden states of this width."""
        super().__init__()
        self.mention = nn.Linear(4 * width, INNER)
        self.entity = nn.Linear(2 * INNER + 3, INNER)
        self.dropout = nn.Dropout(0.1)
        self.kind, self.role = nn.Linear(INNER, 1 + len(EntityType)), nn.Linear(INNER, len(Role))

    def forward(self, states: Tensor, found: Candidates, more: Tensor) -> tuple[Tensor, Tensor]:
        """Return the scores of the types and of the roles, one row per group.

        Args:
            states: (texts, pieces, width).
            found: the candidates of these texts.
            more: a row a group: the logarithm of its size, whether it is in the title, whether a
                short form is defined.
        """
        rows, first, last = found.rows, found.first, found.last
        sums = torch.cat([torch.zeros_like(states[:, :1]).float(), states.float().cumsum(1)], 1)
        mean = (sums[rows, last + 1] - sums[rows, first]) / (last - first + 1)[:, None]
        parts = [states[rows, first], states[rows, last], mean.to(states.dtype), states[rows, 0]]
        mentions = torch.relu(self.mention(self.dropout(torch.cat(parts, -1)))).float()
        counts = more.new_zeros(len(more)).index_add_(0, found.inner, more.new_ones(len(rows)))
        average = (
            more.new_zeros(len(more), INNER).index_add_(0, found.inner, mentions) / counts[:, None]
        )
        index = found.inner[:, None].expand(-1, INNER)
        best = more.new_zeros(len(more), INNER).scatter_reduce_(0, index, mentions, "amax")
        entity = self.dropout(torch.relu(self.entity(torch.cat([average, best, more], -1))))
        return self.kind(entity).float(), self.role(entity).float()


class _Reader(nn.Module):
    """The parts shared by student and teacher."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.shape, self.known, self.judged = (
            nn.Embedding(count, width) for count in (len(Shape), CODES, JUDGED)
        )
        for table in (self.shape, self.known, self.judged):
            nn.init.zeros_(table.weight)  # training starts from the pretrained encoder
        self.dropout = nn.Dropout(0.1)
        self.tags = nn.Linear(width, TAGS)
        self.verdicts = Verdicts(width)

    def added(self, shapes: Tensor, known: Tensor, judged: Tensor) -> Tensor:
        """Return the embeddings to add to those of the word pieces."""
        added: Tensor = self.shape(shapes) + self.known(known) + self.judged(judged)
        return added


class Student(_Reader):
    """Maps word pieces to tag scores, early tag scores and hidden states."""

    def __init__(self, encoder: Path) -> None:
        """Load the pretrained encoder."""
        bert = BertModel.from_pretrained(encoder, add_pooling_layer=False)
        super().__init__(bert.config.hidden_size)
        self.bert = bert
        self.early = nn.Linear(bert.config.hidden_size, TAGS)
        self.stops = False
        """Whether word pieces that are almost certainly outside exit after the first layers."""
        self.rounds = False
        """Whether the inputs of matrices are rounded as in int8."""
        for table in (self.early.weight, self.early.bias):
            nn.init.zeros_(table)
        bert.embeddings.word_embeddings.weight.requires_grad_(requires_grad=False)
        self.watch()

    def watch(self) -> None:
        """Add the rounding of inputs to every matrix of the encoder."""
        for module in self.bert.modules():
            if isinstance(module, nn.Linear) and not module._forward_pre_hooks:  # noqa: SLF001 - PyTorch has no name for it
                module.register_forward_pre_hook(self._round)

    def _round(self, _: nn.Module, inputs: tuple[Tensor]) -> tuple[Tensor] | None:
        """Round to the 256 steps of int8 (quantization-aware training, Jacob et al. 2018)."""
        if not (self.rounds and self.training):
            return None
        states = inputs[0].detach()
        low = states.amin((1, 2), keepdim=True).clamp(max=0)
        step = (states.amax((1, 2), keepdim=True).clamp(min=0) - low).clamp(min=1e-6) / 255
        return (inputs[0] + torch.round(states / step) * step - states,)

    def forward(self, ids: Tensor, types: Tensor, *rest: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the scores (texts, pieces, tags), those of the first layers, and the states.

        Args:
            ids: word pieces.
            types: whether they are in the abstract.
            rest: shapes, use and verdict of known names, and the mask, each (texts, pieces).
        """
        inputs, layers = self.bert.embeddings, self.bert.encoder.layer
        places = torch.arange(ids.shape[1], device=ids.device)[None]
        words = inputs.word_embeddings(ids) + self.added(*rest[:3])
        states = inputs.LayerNorm(
            words + inputs.token_type_embeddings(types) + inputs.position_embeddings(places)
        )
        seen = rest[3][:, None, None, :]
        for layer in layers[:WHOLE]:
            states = read_layer(layer, states, seen)
        early = self.early(self.dropout(states))
        goes_on = torch.ones_like(ids, dtype=torch.bool)[..., None]
        if self.stops:
            goes_on = torch.log_softmax(early.detach().float(), -1)[..., :1] < math.log(SURE)
            goes_on[:, 0] = True
        for layer in layers[WHOLE:]:
            states = torch.where(goes_on, read_layer(layer, states, seen), states)
        return torch.where(goes_on, self.tags(self.dropout(states)), early), early, states


def read_layer(layer: Any, states: Tensor, seen: Tensor) -> Tensor:  # noqa: ANN401 - a layer of BERT
    """Apply a BERT layer to the states, without dropout; masked words regularize instead."""
    own, output = layer.attention.self, layer.attention.output
    parts = (
        _heads(part(states), own.num_attention_heads) for part in (own.query, own.key, own.value)
    )
    context = (
        nn.functional.scaled_dot_product_attention(*parts, attn_mask=seen)
        .transpose(1, 2)
        .flatten(2)
    )
    states = output.LayerNorm(output.dense(context) + states)
    inner = nn.functional.gelu(layer.intermediate.dense(states))
    read: Tensor = layer.output.LayerNorm(layer.output.dense(inner) + states)
    return read


def _heads(states: Tensor, heads: int) -> Tensor:
    return states.unflatten(-1, (heads, -1)).transpose(1, 2)


class Teacher(_Reader):
    """Called like ``Student``."""

    numbers: Tensor
    bias: Tensor

    def __init__(self, encoder: Path) -> None:
        """Load the pretrained encoder."""
        mpnet = MPNetModel.from_pretrained(encoder, add_pooling_layer=False)
        super().__init__(mpnet.config.hidden_size)
        self.encoder = mpnet
        numbers = torch.arange(BERT_PIECES) + SHIFT
        for piece, number in SPECIAL.items():
            numbers[piece] = number
        self.register_buffer("numbers", numbers)
        self.segment = nn.Embedding(2, mpnet.config.hidden_size)
        nn.init.zeros_(self.segment.weight)
        for module in (mpnet.embeddings.word_embeddings, mpnet.encoder.relative_attention_bias):
            module.weight.requires_grad_(requires_grad=False)
        with torch.no_grad():
            bias = mpnet.encoder.compute_position_bias(
                torch.zeros(1, LONGEST, mpnet.config.hidden_size)
            )
        self.register_buffer("bias", bias.detach(), persistent=False)

    def forward(self, ids: Tensor, types: Tensor, *rest: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the scores, twice, and the states."""
        inputs, size = self.encoder.embeddings, ids.shape[1]
        words = (
            inputs.word_embeddings(self.numbers[ids]) + self.segment(types) + self.added(*rest[:3])
        )
        places = torch.arange(size, device=ids.device)[None] + inputs.padding_idx + 1
        states = inputs.LayerNorm(words + inputs.position_embeddings(places))
        kind = torch.bfloat16 if torch.is_autocast_enabled(ids.device.type) else states.dtype
        bias = self.bias[:, :, :size, :size].to(kind).expand(len(ids), -1, -1, -1)
        seen = bias.masked_fill(~rest[3][:, None, None, :], FAR)
        for layer in self.encoder.encoder.layer:
            own = layer.attention.attn
            parts = (
                _heads(part(states), own.num_attention_heads) for part in (own.q, own.k, own.v)
            )
            context = nn.functional.scaled_dot_product_attention(*parts, attn_mask=seen)
            states = layer.attention.LayerNorm(own.o(context.transpose(1, 2).flatten(2)) + states)
            inner = nn.functional.gelu(layer.intermediate.dense(states))
            states = layer.output.LayerNorm(layer.output.dense(inner) + states)
        scores = self.tags(self.dropout(states))
        return scores, scores, states
