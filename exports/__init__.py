"""Graph in, files out: one format, one module. The only package that imports pyvis."""
