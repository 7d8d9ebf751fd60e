"""The name of LangChain's retriever before the client became a package of its own; kept for one release."""

import warnings

from wherefrom.langchain import WherefromRetriever

__all__ = ["WherefromRetriever"]

warnings.warn(
    "service.langchain_retriever goes with the next release: import from wherefrom.langchain instead",
    DeprecationWarning,
    stacklevel=2,
)
