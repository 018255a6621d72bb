"""The project's store: papers, extractions and the linked graph in one DuckDB file."""
