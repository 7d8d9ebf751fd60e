"""Characters that must not be shown as they are, for they act on whatever shows them."""

import re

# JSON escapes less than a terminal obeys: controls of the upper half, line and paragraph breaks, text direction, tags.
OBEYED = re.compile(r"[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
CONTROLS = re.compile(rf"[\x00-\x1f]|{OBEYED.pattern}")
