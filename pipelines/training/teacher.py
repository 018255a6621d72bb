"""The teacher's network: larger than what is shipped, used only to mark raw papers for the span finder to learn from.

MPNet (Song et al. 2020, twelve layers of width 768, here the weights of all-mpnet-base-v2) with the same additional
inputs as the span finder: case pattern, known name, and title or abstract. Its vocabulary is BERT's, four places on,
so that teacher and span finder read the same word pieces.
"""

from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import MPNetModel

from pipelines.components.span_finder import Shape
from pipelines.known import CODES

__all__ = ["Teacher"]

BERT_PIECES, SHIFT = 30522, 4
SPECIAL = {0: 1, 101: 0, 102: 2, 103: 30526}
"""Padding, [CLS], [SEP] and [MASK] in BERT's vocabulary, and their numbers in MPNet's."""


class Teacher(nn.Module):
    """Word pieces in, one row of tag scores for each out; called as ``Network`` is."""

    def __init__(self, encoder: Path, tags: int) -> None:
        """Load the pretrained encoder; the new parts start at zero, so training starts from what the encoder knows."""
        super().__init__()
        self.encoder = MPNetModel.from_pretrained(encoder, add_pooling_layer=False)
        width = self.encoder.config.hidden_size
        numbers = torch.arange(BERT_PIECES) + SHIFT
        for piece, number in SPECIAL.items():
            numbers[piece] = number
        self.register_buffer("numbers", numbers)
        self.segment = nn.Embedding(2, width)
        self.shape = nn.Embedding(len(Shape), width)
        self.known = nn.Embedding(CODES, width)
        for table in (self.segment, self.shape, self.known):
            nn.init.zeros_(table.weight)
        self.dropout = nn.Dropout(0.1)
        self.tags = nn.Linear(width, tags)
        self.encoder.embeddings.word_embeddings.weight.requires_grad_(requires_grad=False)
        for module in self.encoder.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0.0  # costs time; masked words regularise instead

    def forward(self, ids: Tensor, types: Tensor, shapes: Tensor, known: Tensor, mask: Tensor) -> tuple[Tensor]:
        """Return the tag scores (texts, pieces, tags); all inputs are (texts, pieces), the pieces numbered as BERT's."""
        words = self.encoder.embeddings.word_embeddings(self.numbers[ids]) + self.segment(types) + self.shape(shapes) + self.known(known)
        states = self.encoder(inputs_embeds=words, attention_mask=mask).last_hidden_state
        return (self.tags(self.dropout(torch.as_tensor(states))),)
