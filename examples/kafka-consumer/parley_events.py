"""Decodes Parley's events from their canonical bytes: the values of the topic PREFIX.events whose content-type is
application/vnd.parley.event.

    python3 examples/kafka-consumer/parley_events.py < events.hex

reads events in hexadecimal, one a line, and prints each as JSON. The layouts are docs/reference/event-layouts.json, made from the
exchange's own catalogue; docs/internals/log-format.md says in words what this program does.
"""

import json
import sys
from pathlib import Path

CONTENT_TYPE = "application/vnd.parley.event"
LAYOUTS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "event-layouts.json"
CONTROL_BYTES = 4
DIGEST_BYTES = 32
LARGEST = 2**53 - 1


class DamagedEvent(ValueError):
    """These bytes are no event."""


class EventDecoder:
    def __init__(self, layouts=LAYOUTS):
        table = json.loads(Path(layouts).read_text(encoding="utf-8"))
        self._layouts = {layout["code"]: layout for layout in table["events"]}

    def decode(self, data: bytes) -> dict:
        """The event as an object, its fields in the order in which JSON has them. Raises DamagedEvent."""
        if len(data) < CONTROL_BYTES:
            raise DamagedEvent("event ends early")
        control = int.from_bytes(data[:CONTROL_BYTES], "little")
        layout = self._layouts.get(control & 0xFF)
        if layout is None:
            raise DamagedEvent(f"no event has the code {control & 0xFF}")
        reader = _Reader(data, CONTROL_BYTES)
        values = {}
        lengths = control >> 8
        for name in layout["grouped"]:
            values[name] = reader.grouped((lengths & 7) + 1)
            lengths >>= 3
        if lengths != 0:
            raise DamagedEvent("control word with bits that mean nothing")
        for name in layout["rest"]:
            values[name] = reader.field(layout["fields"][name])
        if reader.at != len(data):
            raise DamagedEvent("an event with bytes behind it")
        head = {"type": layout["type"], "version": layout["version"]}
        return head | {name: values[name] for name in layout["fields"]}


class _Reader:
    def __init__(self, data: bytes, at: int):
        self.data = data
        self.at = at

    def take(self, length: int) -> bytes:
        end = self.at + length
        if end > len(self.data):
            raise DamagedEvent("event ends early")
        taken = self.data[self.at : end]
        self.at = end
        return taken

    def grouped(self, length: int) -> int:
        """Little-endian, without leading zeros."""
        taken = self.take(length)
        if length > 1 and taken[-1] == 0:
            raise DamagedEvent("integer longer than it needs to be")
        return _counted(int.from_bytes(taken, "little"))

    def integer(self) -> int:
        """LEB128, without needless bytes."""
        value = shift = 0
        while True:
            (byte,) = self.take(1)
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                if byte == 0 and shift > 0:
                    raise DamagedEvent("integer longer than it needs to be")
                return _counted(value)
            shift += 7

    def field(self, kind):
        if isinstance(kind, list):
            return kind[self.choice(len(kind))]
        if kind == "flag":
            return self.choice(2) == 1
        if kind == "digest":
            return self.take(DIGEST_BYTES).hex()
        if kind == "text":
            return self.text()
        return self.integer()

    def choice(self, count: int) -> int:
        (choice,) = self.take(1)
        if choice >= count:
            raise DamagedEvent(f"no such choice: {choice}")
        return choice

    def text(self) -> str:
        try:
            return self.take(self.integer()).decode("utf-8")
        except UnicodeDecodeError as error:
            raise DamagedEvent("text is not UTF-8") from error


def _counted(value: int) -> int:
    if value > LARGEST:
        raise DamagedEvent("integer too large")
    return value


def main() -> None:
    decoder = EventDecoder()
    for line in sys.stdin:
        try:
            event = decoder.decode(bytes.fromhex(line))
        except DamagedEvent as error:
            event = {"damaged": str(error)}
        print(json.dumps(event, ensure_ascii=False, separators=(",", ":")))


if __name__ == "__main__":
    main()
