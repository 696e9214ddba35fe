#!/usr/bin/env bash
# Makes an image where no registry answers: of packages of this machine's own Debian mirror, its Node, and jars from Maven Central.
#
#   infra/containers/make-image.sh debian IMAGE            a minimal Debian, with the certificates that this machine trusts
#   infra/containers/make-image.sh node IMAGE VERSION      Node, npm and a user `node` on that Debian; a major version will do
#   infra/containers/make-image.sh kafka IMAGE VERSION     a broker that takes the settings that apache/kafka takes
#   infra/containers/make-image.sh prometheus IMAGE        Debian's Prometheus
#   infra/containers/make-image.sh ryuk IMAGE              what removes containers of testcontainers whose tests were killed
#
# An image that the engine has already is left as it is. Takes an engine that answers, Linux, root, debootstrap, npm, and Maven for Kafka.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly release=bookworm
readonly debian=parley-made/debian:$release
readonly certificates=/etc/ssl/certs/ca-certificates.crt
readonly cache=$PWD/.cache/containers

main() {
  [ $# -ge 2 ] && declare -F "make_$1" > /dev/null || { sed -n '4,8s/^# *//p' infra/containers/make-image.sh >&2 && exit 2; }
  ! docker image inspect "$2" > /dev/null 2>&1 || return 0
  mkdir -p "$cache"
  "make_$@"
}

# From the mirror that apt uses here.
make_debian() (
  mirror=$({ cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources 2> /dev/null || true; } |
    sed -nE 's/^(URIs:|deb)( \[[^]]*\])? +(https?:[^ ]*debian\/?)( .*)?$/\3/p' | head -n 1)
  [ -n "$mirror" ] || { echo "the mirror that apt uses is not in its sources" >&2 && return 1; }
  root=$(mktemp -d "${TMPDIR:-/tmp}/parley-root-XXXXXX")
  trap 'rm -rf "$root"' EXIT
  logged debootstrap --variant=minbase --include=ca-certificates "$release" "$root" "$mirror"
  rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
  cp "$certificates" "$root$certificates"
  tar -c -C "$root" . | docker import --change "ENV NODE_EXTRA_CA_CERTS=$certificates" - "$1" > /dev/null
)

make_node() (
  context=$(mktemp -d "${TMPDIR:-/tmp}/parley-node-XXXXXX")
  trap 'rm -rf "$context"' EXIT
  cp "$(node_program "$2")" "$context/node"
  cp -R "$(npm root --global)/npm" "$context/npm"
  # The way by which this machine reaches the registry.
  cp "$(npm config get globalconfig)" "$context/npmrc" 2> /dev/null || touch "$context/npmrc"
  cp infra/containers/images/node/Dockerfile "$context"
  build "$1" "$context"
)

# This machine's Node, where it is of that version; others come as an npm package.
node_program() {
  case "$(node -p process.versions.node)" in
    "$1" | "$1".*) node -p process.execPath && return ;;
  esac
  mkdir -p "$cache/node-$1"
  echo '{ "private": true }' > "$cache/node-$1/package.json"
  npm install --prefix "$cache/node-$1" --silent --no-save "node@$1" >&2
  echo "$cache/node-$1/node_modules/node/bin/node"
}

make_kafka() (
  context=$(mktemp -d "${TMPDIR:-/tmp}/parley-kafka-XXXXXX")
  trap 'rm -rf "$context"' EXIT
  logged mvn -q -B -Dstyle.color=never -f infra/kafka/local/pom.xml "-Dkafka.version=$2" \
    dependency:copy-dependencies "-DoutputDirectory=$context/libs" -DincludeScope=runtime
  cp infra/containers/images/kafka/* infra/kafka/local/log4j.properties "$context"
  build "$1" "$context"
)

make_ryuk() (
  context=$(mktemp -d "${TMPDIR:-/tmp}/parley-ryuk-XXXXXX")
  trap 'rm -rf "$context"' EXIT
  cp "$(node -p process.execPath)" infra/containers/images/ryuk/* "$context"
  build "$1" "$context"
)

make_prometheus() { build "$1" infra/containers/images/prometheus; }

# On the Debian, which is made first where it is not there.
build() {
  "${BASH_SOURCE[0]}" debian "$debian"
  logged env DOCKER_BUILDKIT="$(docker buildx version > /dev/null 2>&1 && echo 1 || echo 0)" \
    docker build --quiet --network host --build-arg "DEBIAN_IMAGE=$debian" --tag "$1" "$2"
}

# Runs a command, and shows the end of what it said where it fails.
logged() {
  local log
  log="$cache/$(basename "$1").log"
  "$@" > "$log" 2>&1 || { tail -n 10 "$log" >&2 && return 1; }
}

main "$@"
