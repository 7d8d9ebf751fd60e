"""The client's name before it became a package of its own, `wherefrom`; kept for one release."""

import warnings

from wherefrom import AsyncWherefrom, Options, ServiceFailed, Wherefrom

__all__ = ["AsyncWherefrom", "Options", "ServiceFailed", "Wherefrom"]

warnings.warn(
    "service.client goes with the next release: import from wherefrom instead", DeprecationWarning, stacklevel=2
)
