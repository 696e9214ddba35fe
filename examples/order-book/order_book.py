"""Keeps an instrument's book from Parley's stream, as docs/concepts/streams.md tells it. Needs nothing but Python.

    python3 examples/order-book/order_book.py http://127.0.0.1:7070 ACME

Prints one line of JSON for each message: the position, the checksum that it computed, and the best levels.
"""
import json
import os
import sys
import urllib.request
import zlib
from decimal import Decimal


def messages(url, instrument):
    """The messages of one connection. Each is one `data:` line of server-sent events; an empty line ends it."""
    headers = {"Accept": "text/event-stream"}
    if "PARLEY_KEY" in os.environ:
        headers["Authorization"] = "Bearer " + os.environ["PARLEY_KEY"]
    request = urllib.request.Request(f"{url}/v1/book/{instrument}/stream?rate=batch", headers=headers)
    with urllib.request.urlopen(request, timeout=45) as stream:
        for line in stream:
            if line.startswith(b"data: "):
                yield json.loads(line[6:])


class Book:
    def __init__(self):
        self.position, self.bids, self.asks = None, {}, {}

    def apply(self, message):
        if message["type"] == "snapshot":
            self.bids, self.asks = {}, {}
        elif message["from"] != self.position:
            raise ValueError(f"a diff from {message['from']} does not fit a book at {self.position}")
        for side, levels in ((self.bids, message["bids"]), (self.asks, message["asks"])):
            for level in levels:
                side[level["price"]] = level["quantity"]
                if Decimal(level["quantity"]) == 0:
                    del side[level["price"]]
        self.position = message["position"]
        if self.checksum() != message["checksum"]:
            raise ValueError(f"at {self.position} the checksum is not {message['checksum']}")

    def best(self, count):
        bids = sorted(self.bids.items(), key=lambda level: -Decimal(level[0]))[:count]
        return bids, sorted(self.asks.items(), key=lambda level: Decimal(level[0]))[:count]

    def checksum(self):
        bids, asks = self.best(10)
        return zlib.crc32("|".join(f"{price}:{quantity}" for price, quantity in bids + asks).encode())


def main(url, instrument):
    book = Book()
    for message in messages(url, instrument):
        book.apply(message)
        bids, asks = book.best(5)
        line = {"position": book.position, "checksum": book.checksum(), "bids": bids, "asks": asks}
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
