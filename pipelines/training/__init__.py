"""Training of the span finder. Needs the extra ``train``; nothing at run time imports it."""
