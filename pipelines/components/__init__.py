"""The components of the pipeline, one a module; each finds first and writes to the ``Doc`` after."""
