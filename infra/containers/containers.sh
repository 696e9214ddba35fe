#!/usr/bin/env bash
# A container engine, and the images that this project's compose files and tests use.
#
#   npm run containers:up [-- IMAGE...]     finds or starts an engine, and gets these images (containers:list names them); without names, all
#   npm run containers:down [-- --images]   ends the engine, if up started it; with --images, removes what up made
#   npm run containers:list                 says which images there are, and where each came from
#
# An image that a registry answers for is pulled. Where none answers it is made here, under a name of its own, which begins with
# parley-made/. Where no engine answers and apt is there, Debian's docker.io is installed and started; that takes root.
# Exit codes: 0 fine, 1 an image could not be made, 2 usage, 77 there can be no engine here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly table=infra/containers/images.tsv
readonly cache=$PWD/.cache/containers
readonly pid_file=$cache/dockerd.pid
readonly skipped=77

main() {
  mkdir -p "$cache"
  case "${1:-}" in
    up) shift && require_engine && get_images "$@" ;;
    down) [ "${2:-}" != --images ] || remove_made && end_engine ;;
    list) list ;;
    --help | -h) usage ;;
    *) usage >&2 && exit 2 ;;
  esac
}

usage() { sed -n '4,11s/^# \{0,1\}//p' infra/containers/containers.sh; }

has() { command -v "$1" > /dev/null; }
answers() { docker info > /dev/null 2>&1; }
is_there() { docker image inspect "$1" > /dev/null 2>&1; }

require_engine() {
  if answers; then say engine answers "$(docker version --format '{{.Server.Version}}')" && return; fi
  install_packages
  has dockerd || give_up 'no container engine answers, and there is no dockerd to start'
  [ "$(id -u)" = 0 ] || give_up 'no container engine answers, and starting one takes root'
  setsid dockerd --pidfile "$pid_file" > "$cache/dockerd.log" 2>&1 < /dev/null &
  for _ in $(seq 120); do answers && break || sleep 0.5; done
  answers || { tail -n 10 "$cache/dockerd.log" >&2 && give_up 'dockerd was started, and does not answer'; }
  say engine started "$(docker version --format '{{.Server.Version}}'), which keeps images in $(docker info --format '{{.DockerRootDir}}')"
}

# At run level 1 none of them starts a service.
install_packages() {
  local packages=()
  has dockerd || packages+=(docker.io)
  has iptables || packages+=(iptables)
  has debootstrap || packages+=(debootstrap)
  [ ${#packages[@]} -gt 0 ] && has apt-get && [ "$(id -u)" = 0 ] || return 0
  (apt-get update && RUNLEVEL=1 apt-get install --yes --no-install-recommends "${packages[@]}") > "$cache/apt.log" 2>&1 ||
    tail -n 10 "$cache/apt.log" >&2
}

give_up() {
  echo "skipped: $1"
  exit $skipped
}

get_images() {
  local name public made failed=0
  while IFS=$'\t' read -r name public made; do
    [ $# -eq 0 ] || [[ " $* " == *" $name "* ]] || continue
    get "$name" "$public" "$made" || failed=1
  done < "$table"
  return $failed
}

# That no registry answers is found out once.
registry=unknown
get() {
  local name=$1 public=$2 made=$3 began=$SECONDS
  if is_there "$public"; then
    say "$name" here "$public"
  elif [ "$made" != - ] && is_there "$made"; then
    say "$name" 'made before' "$made"
  elif [ $registry != silent ] && docker pull --quiet "$public" > "$cache/pull.log" 2>&1; then
    say "$name" "pulled in $((SECONDS - began)) s" "$public"
  else
    registry=silent
    make "$@"
  fi
}

make() {
  local name=$1 public=$2 made=$3 began=$SECONDS
  if [ "$made" = - ]; then
    say "$name" 'not to be had' "$public: no registry answers, and it cannot be made here"
  elif infra/containers/make-image.sh "${name%%-*}" "$made" "$(version_in "$made")" < /dev/null; then
    say "$name" "made in $((SECONDS - began)) s" "$made; no registry answers for $public"
  else
    say "$name" 'could not be made' "$made" && return 1
  fi
}

version_in() { echo "${1##*:}" | grep -oE '^[0-9.]+' || true; }

say() { printf '%-14s%-18s%s\n' "$@"; }

list() {
  local name public made
  answers || give_up 'no container engine answers'
  while IFS=$'\t' read -r name public made; do
    if is_there "$public"; then say "$name" 'pulled' "$public"
    elif is_there "$made"; then say "$name" 'made here' "$made"
    else say "$name" 'not here' "$public"; fi
  done < "$table"
}

remove_made() {
  local name public made
  while IFS=$'\t' read -r name public made; do
    ! is_there "$made" || docker image rm --force "$made" > /dev/null
  done < "$table"
}

end_engine() {
  local pid
  pid=$(cat "$pid_file" 2> /dev/null || true)
  if [ -z "$pid" ] || ! grep -q dockerd "/proc/$pid/cmdline" 2> /dev/null; then
    say engine 'left as it is' 'containers:up did not start it' && return
  fi
  kill "$pid"
  while kill -0 "$pid" 2> /dev/null; do sleep 0.2; done
  say engine ended 'its images are kept'
}

main "$@"
