#!/bin/bash
# One of Kafka's commands, by the name under which this is called.
case "$(basename "$0" .sh)" in
  kafka-broker-api-versions) main=org.apache.kafka.tools.BrokerApiVersionsCommand ;;
  kafka-topics) main=org.apache.kafka.tools.TopicCommand ;;
  kafka-configs) main=kafka.admin.ConfigCommand ;;
  kafka-metadata-quorum) main=org.apache.kafka.tools.MetadataQuorumCommand ;;
  *) echo "there is no command $0" >&2 && exit 2 ;;
esac
exec java -Dlog4j.configuration=file:/opt/kafka/tool.properties -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '/opt/kafka/libs/*' "$main" "$@"
