"""How often somebody may be wrong about the admin token."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass, field

ALLOWED = 5  # wrong ones of an address
WITHIN = 60.0  # seconds
KNOWN = 10_000  # addresses that are remembered


@dataclass(slots=True)
class Attempts:
    """The moments of wrong tokens by address, in this process."""

    wrong: OrderedDict[str, tuple[float, ...]] = field(default_factory=OrderedDict)

    def wait(self, address: str, now: float) -> float:
        """Seconds until another attempt is taken; 0 where it is taken now."""
        recent = self.recent(network(address), now)
        return recent[0] + WITHIN - now if len(recent) >= ALLOWED else 0.0

    def failed(self, address: str, now: float) -> None:
        key = network(address)
        self.wrong[key] = (*self.recent(key, now), now)[-ALLOWED:]
        self.wrong.move_to_end(key)
        while len(self.wrong) > KNOWN:
            self.wrong.popitem(last=False)

    def recent(self, key: str, now: float) -> tuple[float, ...]:
        return tuple(at for at in self.wrong.get(key, ()) if at > now - WITHIN)


def network(address: str) -> str:
    """The address, or for IPv6 the network that one customer has."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return address
    return str(ipaddress.ip_network(f"{found}/64", strict=False))
