"""The errors that kg raises on purpose.

    KGError
    ├── CorpusError           input that cannot be read as papers
    ├── FetchError            a service that does not respond, or rejects a query
    ├── ThesaurusError        a thesaurus line that cannot be parsed
    ├── StoreError            a store that cannot be opened, read or written
    ├── ClusterError          a cluster that does not respond, or cannot do the work
    ├── WorkerError           a worker process that ended unexpectedly
    ├── UnknownFormatError    an unknown suffix or format name
    ├── UnknownNodeError      a node that is not in the graph
    └── ExportError           a file that cannot be written

Every message says where the problem is, what was found and what was expected. The command line
prints it on one line.
"""

__all__ = [
    "ClusterError",
    "CorpusError",
    "ExportError",
    "FetchError",
    "KGError",
    "StoreError",
    "ThesaurusError",
    "UnknownFormatError",
    "UnknownNodeError",
    "WorkerError",
]


class KGError(Exception):
    """Base class of all errors that kg raises on purpose, with a message for the user."""


class CorpusError(KGError, ValueError):
    """Input cannot be read as papers."""


class FetchError(KGError, OSError):
    """A paper service does not respond, or rejects a query."""


class ThesaurusError(KGError, ValueError):
    """A thesaurus cannot be parsed."""


class StoreError(KGError, OSError):
    """A store cannot be opened, read or written."""


class ClusterError(KGError, OSError):
    """A cluster does not respond, or its workers cannot do the work."""


class WorkerError(KGError, OSError):
    """A worker process ended unexpectedly."""


class UnknownFormatError(KGError, ValueError):
    """A suffix or format name is unknown."""


class UnknownNodeError(KGError, LookupError):
    """No node has the requested id, label or alias."""


class ExportError(KGError, OSError):
    """A file cannot be written."""
