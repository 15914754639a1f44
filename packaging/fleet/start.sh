#!/bin/sh
# Runs the agent in a container, configured by the environment variables of the image sflow/host-sflow: COLLECTOR
# (addresses), PORT, POLLING, SAMPLING, NET (docker, ovs, flannel, host, or a pattern of interface names), DROPMON,
# DEBUG. If /etc/hsflowd.conf is mounted, uses that file instead.
set -eu

file=${CONFIG:-/etc/hsflowd.conf}
run=${RUN:-/run}

# Network cards by their names, without VLANs, bridges and bonds above them. Not by speed: a virtual machine does not
# know the speed of its cards, so speed = 1G- would not sample them.
CARDS='^(e[mnt]|p[0-9])[a-z0-9]*$'

ignored() { echo "hsflowd-start: not implemented yet, ignored: $1" >&2; }

blocks() {
  for address in ${COLLECTOR:-127.0.0.1}; do
    echo "  collector { ip = $address udpport = ${PORT:-6343} }"
  done
  if [ -e "$run/docker.sock" ]; then
    echo "  docker { }"
  elif [ -e "$run/containerd/containerd.sock" ]; then
    ignored "counters of pods"
  fi
  case ${DROPMON:-disable} in enable) ignored "DROPMON=$DROPMON" ;; esac
  case ${NET:-docker} in
  docker) printf '  pcap { dev = %s }\n' docker0 docker_gwbridge ;;
  ovs) ignored "NET=$NET" ;;
  flannel) echo "  pcap { dev = cni0 }" ;;
  host) printf '  %s\n' "tcp { }" "pcap { dev.pattern = \"$CARDS\" }" ;;
  *) printf '  %s\n' "tcp { }" "pcap { dev.pattern = \"$NET\" }" ;;
  esac
}

if [ ! -e "$file" ]; then
  cat >"$file" <<END
sflow {
  sampling = ${SAMPLING:-1000}
  sampling.bps_ratio = 0
  polling = ${POLLING:-30}
$(blocks)
}
END
fi

case ${DEBUG:-none} in
info) detail=dd ;;
fine) detail=ddd ;;
finer) detail=dddd ;;
finest) detail=ddddd ;;
*) detail=d ;;
esac
exec hsflowd "-$detail" -f "$file"
