"""The errors that kg raises on purpose.

    KGError
    ├── CorpusError           input that cannot be read as papers
    ├── FetchError            a service that does not answer, or refuses
    ├── ThesaurusError        a thesaurus line that cannot be understood
    ├── StoreError            a store that cannot be opened, read or written
    ├── ClusterError          a cluster that does not answer, or cannot do the work
    ├── WorkerError           a process beside this one that ended too early
    ├── UnknownFormatError    a suffix or format name that kg does not know
    ├── UnknownNodeError      a node that the graph does not hold
    └── ExportError           a file that cannot be written

Every message says where, what was found, and what was expected. The command line prints it as one line.
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
    """Anything that kg refuses, with a message for the user."""


class CorpusError(KGError, ValueError):
    """Input cannot be read as papers."""


class FetchError(KGError, OSError):
    """A service of papers does not answer, or refuses a query."""


class ThesaurusError(KGError, ValueError):
    """A thesaurus cannot be understood."""


class StoreError(KGError, OSError):
    """A store cannot be opened, read or written."""


class ClusterError(KGError, OSError):
    """A cluster does not answer, or its workers cannot do the work."""


class WorkerError(KGError, OSError):
    """A process beside this one ended in the middle of its work."""


class UnknownFormatError(KGError, ValueError):
    """A suffix or a format name is not one of those that kg knows."""


class UnknownNodeError(KGError, LookupError):
    """No node has the name or id that was asked for."""


class ExportError(KGError, OSError):
    """A file cannot be written."""
