"""Writes commands for Parley into its Kafka topic, one JSON object a line on standard input.

    pip install kafka-python
    python3 examples/kafka-producer/producer.py --brokers 127.0.0.1:9092 --topic parley.commands < commands.jsonl

A command is the body of POST /v1/intentions, or one with "command": withdraw, reduce or replace. It is keyed by its instrument, so
that it reaches the shard of that instrument; withdraw, reduce and replace have none, and name it in "instrument" only for the key.
"""

import argparse
import json
import sys

from kafka import KafkaProducer


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--brokers", default="127.0.0.1:9092")
    parser.add_argument("--topic", default="parley.commands")
    options = parser.parse_args()

    producer = KafkaProducer(
        bootstrap_servers=options.brokers.split(","),
        acks="all",
        enable_idempotence=True,
    )
    sent = []
    for line in sys.stdin:
        command = json.loads(line)
        key = command["instrument"] if "command" not in command else command.pop("instrument")
        sent.append(producer.send(options.topic, key=key.encode(), value=json.dumps(command).encode()))
    producer.flush()
    for record in sent:
        stored = record.get()  # raises what went wrong
        print(f"stored in partition {stored.partition} at offset {stored.offset}")


if __name__ == "__main__":
    main()
