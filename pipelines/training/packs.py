"""All papers on one device as flat arrays, from which batches are taken without Python loops."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pipelines.known import EDGES, NONE, STRENGTHS
from pipelines.training.prepare import DOUBTED, GOLD, HEAD, IN_ABSTRACT, Arrays

__all__ = ["UNKNOWN", "Batch", "Candidates", "Packs"]

UNKNOWN = -1
"""The tag of a word, or the type or role of a candidate, that is excluded from the loss."""
SEEN_OFTEN = 5
"""Papers from which on a name that is never used as a name counts as "never"."""
ROUND = 32
"""Texts are padded to a multiple of this many pieces; few distinct shapes let memory be reused."""
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts of similar length; all tensors are (texts, pieces)."""

    papers: Numbers
    on_device: Tensor
    inputs: tuple[Tensor, ...]
    """Word pieces, segments, shapes, use and verdict of known names."""
    places: Tensor
    """The index of each piece in the flat arrays."""
    mask: Tensor


@dataclass(frozen=True, slots=True)
class Candidates:
    """The candidates of a batch.

    For each mention: its text, first and last piece, and group; for each group: its number and
    text.
    """

    rows: Tensor
    first: Tensor
    last: Tensor
    inner: Tensor
    groups: Tensor
    owners: Tensor


class Packs:
    """The papers."""

    def __init__(self, arrays: Arrays, device: str) -> None:
        """Take the arrays made by ``prepare.pack``."""
        self.device, self.arrays = device, arrays
        self.lengths = arrays["lengths"].astype(np.int64)
        self.bounds = np.concatenate([[0], np.cumsum(self.lengths)])
        self.use = arrays["use"]
        self.starts, self.is_gold = self._on(self.bounds), self._on(self.use == GOLD)
        self.sizes, self.has_tasks = self._on(self.lengths), self._on(arrays["has_tasks"])
        marks = arrays["marks"]
        self.ids, self.shapes = (
            self._on(arrays["ids"].astype(np.int32)),
            self._on(marks & (HEAD - 1)),
        )
        self.heads, self.types = self._on((marks & HEAD) > 0), self._on((marks & IN_ABSTRACT) > 0)
        self.words = torch.cumsum(self.heads.to(torch.int32), 0)
        self.owners = torch.repeat_interleave(self._on(np.arange(len(self.lengths))), self.sizes)
        self.known, self.judged = (
            torch.zeros(len(marks), dtype=torch.int16, device=device) for _ in range(2)
        )
        paper = np.repeat(np.arange(len(self.lengths)), arrays["matches"])
        self.match_paper, self.match_name = (
            self._on(paper),
            self._on(arrays["match_name"].astype(np.int64)),
        )
        self.match_first = self._on(arrays["match_first"] + self.bounds[paper])
        self.match_last = self._on(arrays["match_last"] + self.bounds[paper])
        self.lex, self.verdict = (
            self._on(arrays[name].astype(np.int64)) for name in ("lex", "verdict")
        )
        self.tags = self._gold_tags(arrays["gold"].astype(np.int64))
        self._take_candidates(arrays)
        self.soft: tuple[Tensor, Tensor, Tensor] | None = None
        """The teachers' probabilities: of each piece's tags, and of each group's type and role."""

    def _on(self, array: NDArray[np.generic]) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(array)).to(self.device)

    def _gold_tags(self, gold: Numbers) -> Tensor:
        """Return the annotated tag of each piece; UNKNOWN where annotators doubted."""
        tags = torch.zeros(len(self.ids), dtype=torch.int64, device=self.device)
        first, last = (self._on(gold[:, column] + self.bounds[gold[:, 0]]) for column in (1, 2))
        rows, places = self._spread(first, last)
        kind = self._on(gold[:, 3])[rows]
        tag = 1 + 2 * kind + (places != first[rows]).long()
        tags[places] = torch.where(kind == DOUBTED, torch.full_like(kind, UNKNOWN), tag)
        return tags

    def _take_candidates(self, arrays: Arrays) -> None:
        self.candidate_counts = arrays["candidates"].astype(np.int64)
        self.group_counts = arrays["groups"].astype(np.int64)
        self.candidate_starts = np.cumsum(self.candidate_counts) - self.candidate_counts
        self.group_starts = np.cumsum(self.group_counts) - self.group_counts
        self.candidate_first, self.candidate_last = (
            self._on(arrays[name].astype(np.int64))
            for name in ("candidate_first", "candidate_last")
        )
        self.group_kind, self.group_role = (
            self._on(arrays[name].astype(np.int64)) for name in ("group_kind", "group_role")
        )
        size, flags = arrays["group_size"], arrays["group_flags"]
        self.group_more = self._on(
            np.stack([np.log1p(size), flags & 1, flags >> 1], 1).astype(np.float32)
        )

    def _spread(self, first: Tensor, last: Tensor) -> tuple[Tensor, Tensor]:
        """Return the span number and index of every piece of every span."""
        size = last - first + 1
        rows = torch.repeat_interleave(torch.arange(len(first), device=self.device), size)
        offset = torch.arange(len(rows), device=self.device)
        return rows, first[rows] + offset - torch.repeat_interleave(
            torch.cumsum(size, 0) - size, size
        )

    def matched(self, tags: Tensor) -> Tensor:
        """Return, per known name in a text, the type tagged on exactly its words plus one, or 0."""
        begin = tags[self.match_first]
        kind = torch.where(begin % 2 == 1, (begin + 1) // 2, torch.zeros_like(begin))
        goes_on = tags[(self.match_last + 1).clamp(max=len(tags) - 1)] == 2 * kind
        rows, places = self._spread(self.match_first, self.match_last)
        inside = self.heads[places] & (places != self.match_first[rows])
        wrong = (inside & (tags[places] != 2 * kind[rows])).long()
        wrong = torch.zeros_like(kind).index_add_(0, rows, wrong)
        return torch.where(goes_on | (wrong > 0), torch.zeros_like(kind), kind)

    def set_known(
        self, tags: Tensor, counted: NDArray[np.bool_], dropped: float = 0.0, seed: int = 0
    ) -> Tensor:
        """Count how names are used, and set the known-name codes, excluding each text's own use.

        Args:
            tags: of all pieces, annotated or predicted by a teacher.
            counted: the papers that count.
            dropped: share of verdicts to hide, so that names without one are learned too.
            seed: for choosing which to hide.

        Returns:
            For each name, the number of papers that use it as each type, and that have its words.
        """
        names = len(self.lex)
        pairs, inverse = torch.unique(
            self.match_paper * names + self.match_name, return_inverse=True
        )
        kind = torch.zeros_like(pairs).scatter_reduce_(0, inverse, self.matched(tags), "amax")
        name, counts_in = pairs % names, self._on(counted)[pairs // names].float()
        votes = (
            torch.cat([nonzero_columns(kind), torch.ones_like(kind)[:, None].float()], 1)
            * counts_in[:, None]
        )
        counts = torch.zeros(names, votes.shape[1], device=self.device).index_add_(0, name, votes)
        use = use_code(counts[name] - votes, self.lex[name])
        hidden = torch.rand(len(name), generator=torch.Generator().manual_seed(seed)) < dropped
        verdict = torch.where(hidden.to(self.device), torch.zeros_like(name), self.verdict[name])
        self._write(use[inverse], verdict[inverse])
        return counts

    def _write(self, use: Tensor, verdict: Tensor) -> None:
        """Write the codes of all matches; of overlapping ones the likely, longer or first wins."""
        seldom = (use > 0) & ((use - 1) // 2 % len(STRENGTHS) == 0)
        unlikely = (verdict == NONE) | (seldom & ((verdict == 0) | (verdict > NONE)))
        known = (use > 0) | (verdict > 0)
        size = (self.words[self.match_last] - self.words[self.match_first]).long()
        weight = (~unlikely).long() * (1 << 50) + size * (1 << 40) - self.match_first
        order = torch.argsort(weight)
        rank = torch.empty_like(order)
        rank[order] = torch.arange(len(order), device=self.device)
        rows, places = self._spread(self.match_first, self.match_last)
        best = torch.full((len(self.ids),), -1, dtype=torch.int64, device=self.device)
        best.scatter_reduce_(
            0, places, torch.where(known, rank, torch.full_like(rank, -1))[rows], "amax"
        )
        match = order[best.clamp(min=0)] if len(order) else best
        if not len(order):
            return
        later = (self.words != self.words[self.match_first[match]]).long()
        own, judged, found = use[match], verdict[match], best >= 0
        self.known = torch.where(found & (own > 0), own + later, torch.zeros_like(own)).to(
            torch.int16
        )
        self.judged = torch.where(
            found & (judged > 0), 2 * judged - 1 + later, torch.zeros_like(own)
        ).to(torch.int16)

    def batches(
        self, papers: Numbers, size: int, rng: np.random.Generator | None = None
    ) -> Iterator[Numbers]:
        """Yield batches of papers of similar length; they are shuffled if ``rng`` is given.

        A batch has at most ``size`` pieces, including padding.
        """
        jitter = rng.random(len(papers)) * 24 if rng else np.zeros(len(papers))
        order = papers[np.argsort(self.lengths[papers] + jitter, kind="stable")]
        groups: list[list[int]] = [[]]
        longest = 0
        for paper in order.tolist():
            longest = max(longest, rounded(int(self.lengths[paper])))
            if groups[-1] and longest * (len(groups[-1]) + 1) > size:
                groups.append([])
                longest = rounded(int(self.lengths[paper]))
            groups[-1].append(paper)
        if rng:
            rng.shuffle(groups)
        return (np.array(group, dtype=np.int64) for group in groups if group)

    def batch(self, papers: Numbers) -> Batch:
        """Return papers as a batch."""
        chosen = self._on(papers)
        offset = torch.arange(rounded(int(self.lengths[papers].max())), device=self.device)[None]
        mask = offset < self.sizes[chosen][:, None]
        places = self.starts[chosen][:, None] + offset * mask
        inputs = tuple(
            source[places].long().masked_fill(~mask, 0)
            for source in (self.ids, self.types, self.shapes, self.known, self.judged)
        )
        return Batch(papers, chosen, inputs, places, mask)

    def candidates(self, batch: Batch) -> Candidates:
        """Return the candidates of a batch."""
        held, size = self.group_counts[batch.papers], self.candidate_counts[batch.papers]
        rows, which = _ranges(self.candidate_starts[batch.papers], size)
        owners, groups = _ranges(self.group_starts[batch.papers], held)
        inner = self.arrays["candidate_group"][which] + (np.cumsum(held) - held)[rows]
        on = self._on(which)
        return Candidates(
            self._on(rows),
            self.candidate_first[on],
            self.candidate_last[on],
            self._on(inner.astype(np.int64)),
            self._on(groups),
            self._on(owners),
        )


def rounded(length: int) -> int:
    """Return the padded length of a text."""
    return -(-length // ROUND) * ROUND


def nonzero_columns(kind: Tensor) -> Tensor:
    """Return five one-hot columns; column n is set where the kind is n + 1."""
    return torch.nn.functional.one_hot(kind, 6)[:, 1:].float()


def use_code(counts: Tensor, lex: Tensor) -> Tensor:
    """Return the code of a name's first word, given how it is used (``pipelines.known.code``).

    Args:
        counts: numbers of papers that use it as each type, and that have its words.
        lex: its type in the lexicon, or -1.
    """
    total, occurring = counts[:, :5].sum(1), counts[:, 5]
    rate = total / occurring.clamp(min=1)
    strength = (rate[:, None] >= torch.tensor(EDGES, device=counts.device)).long().sum(1)
    used = 1 + 2 * (counts[:, :5].argmax(1) * len(STRENGTHS) + strength)
    fact = torch.where(
        lex >= 0, 1 + 2 * (lex * len(STRENGTHS) + len(STRENGTHS) - 1), torch.zeros_like(lex)
    )
    never = (occurring >= SEEN_OFTEN) & (lex < 0)
    return torch.where(total >= 1, used, torch.where(never, torch.ones_like(fact), fact))


def _ranges(starts: Numbers, sizes: Numbers) -> tuple[Numbers, Numbers]:
    """Return the range number and the index of every element of every range."""
    rows = np.repeat(np.arange(len(sizes)), sizes)
    return rows, np.arange(len(rows)) - (np.cumsum(sizes) - sizes)[rows] + starts[rows]
