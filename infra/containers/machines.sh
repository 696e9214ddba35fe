#!/usr/bin/env bash
# Runs the tests on machines that are not like this one: containers of a minimal Debian with Node and npm, and little else.
#
#   infra/containers/machines.sh [--at-once] [--host-tests] [MACHINE...]   these, one by one or together; without a name, all
#   infra/containers/machines.sh --list                     says which there are
#
# With --host-tests a machine runs those of the tests alone that processes, files and sockets have a part in, and no system: what all
# others come to is the same on every machine. One that differs from this one only in programs that it has not runs those tests alone that
# ask for programs or start some, and those of install, build and start.
#
# Tests what is committed, from a fresh clone or archive each time. What a machine printed is kept in .cache/machines/logs. Takes Linux,
# root, git, debootstrap, and a container engine that answers: where one is missing it says so and ends with 77.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly cache="$PWD/.cache/machines"
readonly image=parley-machine
readonly skipped=77

# What a machine is, unless the function of its name says otherwise.
defaults() {
  base=bare              # its image: bare, or java
  node=20                # its Node
  source=clone           # clone, or archive: without .git
  folder=parley          # where the sources lie
  user=0:0
  steps=('npm test')
  environment=()
  install=no             # whether dependencies are installed beforehand, without the limits
  limits=()              # further options of the container
  network=host
  host_tests='test/e2e test/contract test/integration test/unit/app test/unit/cli test/unit/infra test/unit/support'
}

readonly machines=(bare java user node22 node24 small homeless frozen proxy offline turkish)

bare() {
  says='nothing but Node and npm'
  host_tests="$(tests_of_programs) test/e2e/npm test/e2e/package test/e2e/cli/start test/unit/support"
}
java() {
  says='Java, and no Maven; also the tests of whole systems'
  base=java
  steps+=('npm run test:system')
}
user() {
  says='Node 24, an archive in a folder with spaces and umlauts, not root, a locale that is not installed, the zone of Kolkata'
  node=24
  host_tests+=' test/unit/domain test/unit/events test/unit/exchange test/unit/log' # another engine may compile them to something else
  source=archive
  folder='Größe und Maß/parley'
  user=1000:1000
  environment=(HOME=/home/node LANG=de_DE.UTF-8 LC_ALL=de_DE.UTF-8 TZ=Asia/Kolkata)
}
node22() {
  says='Node 22'
  node=22
}
node24() {
  says='Node 24'
  node=24
}
small() {
  says='one core, 1 GB of memory, 256 open files once dependencies are installed (npm itself wants more)'
  install=yes
  limits=(--cpuset-cpus 0 --memory 1g --memory-swap 1g --ulimit nofile=256:256)
}
homeless() {
  says='not root, and no home'
  user=1000:1000
  environment=(HOME=/nowhere npm_config_cache=/nowhere/.npm)
}
frozen() {
  says='nothing may be written but the checkout and /tmp, also not at home; the locale C'
  environment=(LC_ALL=C npm_config_cache=/root/.npm)
  limits=(--read-only --tmpfs /tmp:exec)
}
proxy() {
  says='a proxy in the environment that is not there'
  install=yes
  for variable in http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY; do
    limits+=(--env "$variable=http://127.0.0.1:9")
  done
}
offline() {
  says='no network once dependencies are installed, loopback apart'
  install=yes
  network=none
}
turkish() {
  says='Turkish, where i and I are no pair, and the zone of Apia'
  environment=(LANG=tr_TR.UTF-8 LC_ALL=tr_TR.UTF-8 TZ=Pacific/Apia)
}

main() {
  local at_once=no only_host_tests=no chosen=() machine number=0 failed=0
  for argument in "$@"; do
    case $argument in
      --list) list && return ;;
      --at-once) at_once=yes ;;
      --host-tests) only_host_tests=yes ;;
      *) is_machine "$argument" || usage && chosen+=("$argument") ;;
    esac
  done
  [ ${#chosen[@]} -gt 0 ] || chosen=("${machines[@]}")
  require_tools
  mkdir -p "$cache/logs"
  for machine in "${chosen[@]}"; do
    describe "$machine"
    prepare_image "$base" "$node"
  done
  printf '%-10s %8s %8s %8s %8s\n' machine passed failed skipped seconds
  for machine in "${chosen[@]}"; do
    number=$((number + 1))
    run "$machine" "$number-$machine" &
    [ "$at_once" = yes ] || wait $! || failed=1
  done
  for job in $(jobs -p); do wait "$job" || failed=1; done
  return $failed
}

# Files of tests that ask for something of the machine (test/support/needs), or start a program.
tests_of_programs() { grep -rlE 'support/needs|describeWith|skipWithout|child_process' test --include='*.test.ts' --exclude='*.system.test.ts' | tr '\n' ' '; }

usage() {
  sed -n '3,5s/^# *//p' infra/containers/machines.sh >&2
  exit 2
}

is_machine() { [[ " ${machines[*]} " == *" $1 "* ]]; }

describe() {
  defaults
  "$1"
  [ "${only_host_tests:-no}" = no ] || steps=("npm test -- $host_tests --exclude '**/*.system.test.ts'")
}

list() {
  for machine in "${machines[@]}"; do
    describe "$machine"
    printf '%-10s %s\n' "$machine" "$says"
  done
}

require_tools() {
  local missing=''
  [ "$(uname)" = Linux ] || missing='Linux'
  [ "$(id -u)" = 0 ] || missing='root'
  for tool in git debootstrap docker node npm; do command -v "$tool" > /dev/null || missing="$tool"; done
  if [ -z "$missing" ] && ! docker info > /dev/null 2>&1; then missing='a container engine that answers'; fi
  [ -n "$missing" ] || return 0
  echo "skipped: other machines are made with $missing, which is not here"
  exit $skipped
}

# Runs a machine to its end and prints its line.
run() {
  local name=$2 log="$cache/logs/$2.log" code=0 began=$SECONDS work
  describe "$1"
  work=$(mktemp -d "${TMPDIR:-/tmp}/parley-machine-XXXXXX")
  npm_folder="$cache/npm-${user%:*}"
  mkdir -p "$work/$folder" "$npm_folder"
  if [ "$source" = clone ]; then git clone --quiet . "$work/$folder"; else git archive HEAD | tar -x -C "$work/$folder"; fi
  chmod 755 "$work"
  chown -R "$user" "$work" "$npm_folder"
  : > "$log"
  [ "$install" = no ] || inside host 'npm ci' >> "$log" 2>&1 || code=$?
  for step in "${steps[@]}"; do
    [ "$code" -ne 0 ] || inside "$network" "$step" "${limits[@]}" >> "$log" 2>&1 || code=$?
  done
  report "$name" "$log" "$code" $((SECONDS - began))
  rm -rf "$work"
  return "$code"
}

# Runs a command in a container on a network, with further options of the container's.
inside() {
  local network=$1 command=$2 options=()
  shift 2
  for setting in CI=true npm_config_cache=/npm "${environment[@]}"; do options+=(--env "$setting"); done
  docker run --rm --init --network "$network" --user "$user" --volume "$work:/work" --volume "$npm_folder:/npm" \
    --workdir "/work/$folder" "${options[@]}" "$@" "$image:$base-$node" sh -c "$command"
}

report() {
  local name=$1 log=$2 code=$3 seconds=$4 counts remark=''
  counts=$(sed -nE 's/^([0-9]+) passed, ([0-9]+) failed, ([0-9]+) skipped$/\1 \2 \3/p' "$log" |
    awk '{ p += $1; f += $2; s += $3 } END { printf "%8d %8d %8d", p, f, s }')
  [ "$code" -eq 0 ] || remark="  exit code $code, see $log"
  printf '%-10s %s %8s%s\n' "${name#*-}" "$counts" "$seconds" "$remark"
}

# Makes an image where the engine has none: Node and npm on a Debian; Java on top of that.
prepare_image() {
  local base=$1 node=$2 tag="$image:$1-$2"
  ! docker image inspect "$tag" > /dev/null 2>&1 || return 0
  if [ "$base" = bare ]; then
    infra/containers/make-image.sh node "$tag" "$node"
    return
  fi
  prepare_image bare "$node"
  printf 'FROM %s\nRUN apt-get update && apt-get install --yes --no-install-recommends openjdk-17-jre-headless\n' "$image:bare-$node" |
    DOCKER_BUILDKIT=0 docker build --quiet --network host --tag "$tag" - > /dev/null
}

main "$@"
