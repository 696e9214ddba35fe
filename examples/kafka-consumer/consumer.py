"""Prints the events of a Parley log in Kafka as JSON, one a line, and checks that nothing of it is missing or was changed.

    pip install kafka-python
    python3 examples/kafka-consumer/consumer.py --brokers 127.0.0.1:9092 --topic market.events

A topic may hold events in both forms, binary and JSON; each record's content-type says which. It ends where the topic ended when it
began.
"""

import argparse
import hashlib
import json
import sys

from kafka import KafkaConsumer, TopicPartition
from parley_events import CONTENT_TYPE, EventDecoder

FIRST_DIGEST = bytes(32)


class Shard:
    """The chain of one shard: positions without a gap, and at the end of each batch the digest of all before."""

    def __init__(self):
        self.position = 0
        self.checked = 0
        self._batch = []
        self._digest = FIRST_DIGEST

    def add(self, position: int, event: dict, data: bytes | None) -> None:
        """`data`: the event's canonical bytes. Of an event in JSON there are none, and its batch is not checked."""
        if position != self.position:
            raise ValueError(f"position {position} follows {self.position - 1}")
        self.position += 1
        if event["type"] != "BatchSealed":
            self._batch.append(data)
            return
        if None not in self._batch:
            digest = hashlib.sha256(self._digest + b"".join(self._batch)).hexdigest()
            if digest != event["digest"]:
                raise ValueError(f"the batch that ends at position {position} is not what was sealed")
            self.checked += 1
        self._digest = bytes.fromhex(event["digest"])
        self._batch.clear()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--brokers", default="127.0.0.1:9092")
    parser.add_argument("--topic", default="parley.events")
    options = parser.parse_args()

    consumer = KafkaConsumer(
        bootstrap_servers=options.brokers.split(","),
        isolation_level="read_committed",  # what a writer has not committed is no event
        enable_auto_commit=False,
    )
    partitions = [TopicPartition(options.topic, number) for number in consumer.partitions_for_topic(options.topic) or ()]
    ends = consumer.end_offsets(partitions)
    decoder = EventDecoder()
    for partition in sorted(partitions):
        consumer.assign([partition])
        consumer.seek_to_beginning(partition)
        shard = Shard()
        while consumer.position(partition) < ends[partition]:
            for record in consumer.poll(timeout_ms=1_000).get(partition, []):
                headers = dict(record.headers)
                is_binary = headers["content-type"] == CONTENT_TYPE.encode()
                event = decoder.decode(record.value) if is_binary else json.loads(record.value)
                position = int(headers["ce_id"])
                shard.add(position, event, record.value if is_binary else None)
                print(json.dumps({"shard": partition.partition, "position": position} | event, separators=(",", ":")))
        whole = f"{shard.position} events, {shard.checked} batches are what was sealed"
        print(f"shard {partition.partition}: {whole}", file=sys.stderr)


if __name__ == "__main__":
    main()
