"""Trains both readers (docs/training.md). Needs the extra ``train``."""
