"""Where Python breaks lines: not where str.splitlines does."""

from __future__ import annotations

import re

LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)?")
