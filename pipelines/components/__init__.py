"""The pipeline's components, one per module."""
