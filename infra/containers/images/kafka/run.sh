#!/bin/bash
# Starts the broker with what the environment says: KAFKA_NODE_ID is node.id, `__` stands for an underscore and `___` for a hyphen.
set -euo pipefail
readonly settings=/opt/kafka/server.properties
: > "$settings"
while IFS='=' read -r name value; do
  case $name in
    KAFKA_HEAP_OPTS | KAFKA_OPTS | KAFKA_JVM_PERFORMANCE_OPTS | KAFKA_LOG4J_OPTS) ;;
    KAFKA_*)
      key=${name#KAFKA_}
      key=${key//___/-}
      key=${key//__/%}
      key=${key//_/.}
      key=${key//%/_}
      printf '%s=%s\n' "${key,,}" "$value" >> "$settings"
      ;;
  esac
done < <(env)
java() {
  exec java -Dlog4j.configuration=file:/opt/kafka/log4j.properties ${KAFKA_HEAP_OPTS:--Xmx512m} ${KAFKA_OPTS:-} \
    -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '/opt/kafka/libs/*' "$@"
}
(java kafka.tools.StorageTool format --ignore-formatted --cluster-id "$CLUSTER_ID" --config "$settings")
java kafka.Kafka "$settings"
