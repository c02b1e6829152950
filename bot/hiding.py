"""What looks like a secret in what others say, taken out before anybody reads it."""

from __future__ import annotations

import re

# GitHub's tokens, JSON web tokens, private keys, and passwords in addresses.
ALIKE = re.compile(
    r"gh[a-z]_[A-Za-z0-9_]{16,}|github_pat_\w{16,}"
    r"|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)"
    r"|(?<=://)[^/@\s\"]*:[^/@\s\"]+(?=@)",
    re.DOTALL,
)
HIDDEN = "[hidden]"


def hiding(text: str) -> str:
    return ALIKE.sub(HIDDEN, text)
