#!/bin/sh
# Prepares a checkout: installs system packages and npm packages, and builds the agent. With --deb also installs what
# packaging needs, with --release what a release needs, with --test what the tests need. Silent and fast when there is
# nothing to do.
#
# Asks on a terminal before it installs system packages. SETUP=yes, CI, or no terminal, where nobody can be asked:
# installs them without a question. SETUP=no: installs none of them, and goes on.
set -eu
cd "$(dirname "$0")/.."
PATH="$PATH:/usr/sbin:/sbin"

# PACKAGE=PROOF: the Debian package, and a command or a file below $SYSROOT that proves that it is installed.
AGENT="gcc=cc libc6-dev=/usr/include/stdio.h"
CAP="g++=g++ make=make python3=python3 libpcap-dev=/usr/include/pcap/pcap.h"
DEB="binutils=strip dpkg=dpkg-deb mmdebstrap=mmdebstrap"
case $(uname -m) in
aarch64) DEB="$DEB gcc-x86-64-linux-gnu=x86_64-linux-gnu-gcc
  libc6-dev-amd64-cross=/usr/x86_64-linux-gnu/include/stdio.h" ;;
*) DEB="$DEB gcc-aarch64-linux-gnu=aarch64-linux-gnu-gcc
  libc6-dev-arm64-cross=/usr/aarch64-linux-gnu/include/stdio.h" ;;
esac
RELEASE="$DEB gpg=gpg gpg-agent=gpg-agent gpgconf=gpgconf xz-utils=xz"
TEST="$RELEASE
  lintian=lintian qemu-user-static=qemu-aarch64-static systemd=systemd-analyze mandoc=mandoc zsh=zsh fish=fish
  python3=python3 tcpdump=tcpdump tshark=tshark pmacct=sfacctd nfdump=nfdump nfdump-sflow=sfcapd
  prometheus=promtool nginx-light=nginx wrk=wrk curl=curl
  strace=strace iproute2=ip iptables=iptables ethtool=ethtool iperf3=iperf3 iputils-ping=ping procps=sysctl
  docker.io=dockerd docker-cli=docker busybox-static=/bin/busybox dnsmasq-base=dnsmasq
  podman=podman nftables=nft netavark=/usr/lib/podman/netavark
  qemu-system-x86=qemu-system-x86_64 cpio=cpio kmod=depmod"

# Debian's kernel for the virtual machines of the tests. It is only unpacked, so that this machine boots as before.
KERNEL=/var/cache/hsflowd-vm/kernel
KERNEL_PACKAGE=linux-image-amd64

say() { printf 'setup: %s\n' "$*" >&2; }

missing() {
  for need in "$@"; do
    case ${need#*=} in
    /*) [ -e "${SYSROOT-}${need#*=}" ] ;;
    *) command -v "${need#*=}" >/dev/null ;;
    esac || printf ' %s' "${need%%=*}"
  done
}

# Runs a command and keeps what it prints. Every 20 seconds says what that was last: a slow network is not a hang. KILL
# ends the loop, because a shell loses another signal that comes before it has reset the traps of its parent.
quietly() {
  while sleep 20 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do
    say "still at work ... $(tail -n 1 "$log" | tail -c 100)"
  done &
  beat=$!
  status=0
  "$@" >"$log" 2>&1 || status=$?
  kill -KILL "$beat" 2>/dev/null || :
  return "$status"
}

# Says that a command failed, and why: the errors of apt and npm, or the end of what another command printed.
failed() {
  cause=$(sed -n -e 's/^E: //p' -e 's/^npm \(error\|ERR!\) \(code\|network\|request to\) /\2 /p' "$log" | tail -n 2)
  [ -n "$cause" ] || cause=$(tail -n 25 "$log")
  [ -z "$cause" ] || printf '%s\n' "$cause" >&2
  say "$*"
}

# A server that does not answer must not delay the run for minutes. See apt.conf(5).
apt() {
  # shellcheck disable=SC2086
  LC_ALL=C DEBIAN_FRONTEND=noninteractive quietly apt-get -q -y --no-install-recommends -o Acquire::Retries=1 \
    -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 -o DPkg::Lock::Timeout=120 "$@"
}

# Prints the links by which services start with the machine.
enabled() { find "${SYSROOT-}/etc/systemd/system" -type l 2>/dev/null | sort; }

# Installs packages without questions: tshark would ask who may capture, and its default, root only, is fine.
# policy-rc.d keeps their services from starting, because the tests run their own. See invoke-rc.d(8). Then disables
# those that would start with the machine, unless systemd came with them: then this is no machine that starts any.
POLICY=/usr/sbin/policy-rc.d
apt_install() {
  if [ ! -e "${SYSROOT-}$POLICY" ]; then
    made="${SYSROOT-}$POLICY"
    printf '#!/bin/sh\nexit 101\n' >"$made" && chmod +x "$made"
  fi
  before=" $(command -v systemctl || :) $(enabled | tr '\n' ' ') "
  apt install "$@" || return
  services=
  for link in $(enabled); do
    case "$before$services " in *" $link "* | *" ${link##*/} "*) ;; *) services="$services ${link##*/}" ;; esac
  done
  case $before in "  "*) return ;; esac
  [ -n "$services" ] || return 0
  # shellcheck disable=SC2086
  if quietly systemctl disable $services; then say "left disabled:$services"; else failed "left enabled:$services"; fi
}

# Leaves out packages that this release does not have: a tool may be a package of its own in one release and part of
# another package in the next.
known() {
  for package in "$@"; do
    if apt-cache show "$package" >/dev/null 2>&1; then printf ' %s' "$package"; fi
  done
}

# Prints how much apt would install with these packages. Fails if apt would not.
plan() {
  LC_ALL=C apt-get --assume-no -o Debug::NoLocking=1 --no-install-recommends install "$@" 2>&1 |
    sed -n -e 's/^.* upgraded, \(.*\) newly installed,.*/\1 package(s)/p' \
      -e 's/^Need to get \(.*\) of .*/, \1 to fetch/p' \
      -e 's/^After this operation, \(.*\) of .*/, \1 on disk/p' | tr -d '\n' | grep .
}

# Ends the run if a person does not want it.
ask() {
  case ${SETUP:-${CI:+yes}} in yes) return ;; esac
  if [ ! -t 0 ]; then
    say "nobody can be asked without a terminal, so this is done now; SETUP=no prevents it"
    return
  fi
  printf 'setup: go on? [y/N] ' >&2
  read -r answer || answer=
  case $answer in [yY]*) return ;; esac
  say "stopped, nothing was installed; SETUP=no goes on without"
  exit 1
}

# want PURPOSE PACKAGE=PROOF ...: notes what is missing.
want() {
  purpose=$1
  shift
  lacking=$(missing "$@")
  [ -n "$lacking" ] || return 0
  purposes="${purposes:+$purposes, }$purpose"
  packages="$packages$lacking"
  needs="$needs $*"
}

# Fetches the lists of packages, then plans again.
# shellcheck disable=SC2086
refresh() {
  apt update -o APT::Update::Error-Mode=any || failed "the lists of packages were not fetched"
  names=$(known $packages)
  summary=$(plan $names) || :
}

# Installs what is wanted, or prints how. Fetches the lists of packages only if apt cannot do without.
# shellcheck disable=SC2086
install_wanted() {
  [ -n "$packages$unpack" ] || return 0
  if ! command -v apt-get >/dev/null; then
    [ -z "$packages" ] || say "$purposes: please install (Debian's names):$packages"
  elif [ "$(id -u)" -ne 0 ]; then
    [ -z "$packages" ] || say "$purposes: please run: sudo apt-get install -y --no-install-recommends$packages"
  elif [ "${SETUP-}" = no ]; then
    say "SETUP=no, so not installed:$packages${unpack:+ $KERNEL_PACKAGE}"
  else
    names=$packages
    [ -z "$packages" ] || summary=$(plan $names) || refresh
    [ -z "$packages" ] || say "$purposes: apt is to install$names, in all ${summary:-an unknown number of packages}"
    [ -z "$unpack" ] || say "the tests: $unpack"
    ask
    [ -z "$names" ] || apt_install $names || { refresh && apt_install $names; } || failed "apt did not install all"
    packages=$(missing $needs)
    [ -z "$packages" ] || say "could not install:$packages"
    [ -z "$unpack" ] || unpack_kernel || { refresh && unpack_kernel; } || failed "$KERNEL_PACKAGE was not unpacked"
    return 0
  fi
  [ -z "$unpack" ] || say "the tests: please unpack Debian's $KERNEL_PACKAGE in $KERNEL, and run depmod(8) on it"
}

unpack_kernel() {
  say "unpacking $KERNEL_PACKAGE"
  quietly unpack_to "${SYSROOT-}$KERNEL"
}

unpack_to() {
  package=$(apt-cache depends "$KERNEL_PACKAGE" | sed -n 's/^ *Depends: *\(linux-image-.*\)/\1/p')
  rm -rf "$1.part"
  mkdir -p "$1.part"
  (cd "$1.part" && apt-get -q download "$package" && dpkg-deb -x ./*.deb . && rm ./*.deb) || return
  [ -e "$1.part/lib" ] || ln -s usr/lib "$1.part/lib"
  for modules in "$1.part"/lib/modules/*; do depmod -b "$1.part" "${modules##*/}"; done
  mv "$1.part" "$1"
}

# `cap` is built with Node's headers. Uses those installed with this node, so that node-gyp does not download them.
npm_install() {
  prefix=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
  if [ -e "$prefix/include/node/node_api.h" ]; then
    export npm_config_nodedir="$prefix" npm_package_config_node_gyp_nodedir="$prefix"
  fi
  patience="--fetch-retries=1 --fetch-retry-mintimeout=2000 --fetch-timeout=30000"
  say "installing npm packages"
  # shellcheck disable=SC2086
  if ! quietly npm ci --include=dev --include=optional --prefer-offline --loglevel=error $patience; then
    failed "npm installed nothing: is there a network, or is a proxy to be set (npm config set proxy URL)?"
    exit 1
  fi
  [ -d node_modules/cap ] || say "the optional package cap was not built; the agent samples packets without it"
}

stale() { [ ! -e dist/.built ] || [ -n "$(find agent native-shim packaging package-lock.json -newer dist/.built)" ]; }

# The first versions with process.getBuiltinModule, with which the bundle loads Node's modules.
version=$(node --version 2>/dev/null || echo none)
case $version in
v20.[0-9].* | v20.1[0-5].* | v21.* | v22.[0-2].*) enough=no ;;
v[2-9][0-9].*) enough=yes ;;
*) enough=no ;;
esac
if [ $enough = no ]; then
  script=${npm_lifecycle_event:-start}
  say "Node.js 20.16, 22.3 or later is needed, found $version. Type: npx -y -p node@24 -c \"npm run $script\""
  exit 1
fi

log=$(mktemp)
made=
beat=
trap 'rm -f "$log" $made; [ -z "$beat" ] || kill -KILL "$beat" 2>/dev/null || :' EXIT
# dash does not run the EXIT trap when a signal ends it.
trap 'exit 1' HUP INT TERM

# A link leads to the folder of another checkout, which maintains it.
installed=node_modules/.package-lock.json
npm=no
if [ ! -L node_modules ] && { [ ! -e $installed ] || [ package-lock.json -nt $installed ]; }; then npm=yes; fi

packages=
purposes=
needs=
unpack=
# shellcheck disable=SC2086
{
  want "the agent" $AGENT
  case ${1-} in
  --deb) want "the packages" $DEB ;;
  --release) want "the release" $RELEASE ;;
  --test)
    want "the tests" $TEST
    # With the roots that the tests make beside it.
    [ -e "${SYSROOT-}$KERNEL" ] || unpack="$KERNEL_PACKAGE is to be unpacked, not installed, in ${KERNEL%/*} (1.6 GB)"
    ;;
  esac
  [ $npm = no ] || want "the optional capture engine cap" $CAP
}
install_wanted

# shellcheck disable=SC2086
compiler=$(missing $AGENT)
if stale && [ -n "$compiler" ] && [ -z "${CC-}" ]; then
  say "the agent needs a C compiler with its headers: please install (Debian's names):$compiler"
  exit 1
fi
[ $npm = no ] || npm_install
if stale; then
  if ! quietly node packaging/build.mjs; then
    failed "the agent was not built"
    exit 1
  fi
  : >dist/.built
fi
