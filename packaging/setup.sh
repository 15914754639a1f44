#!/bin/sh
# Prepares a checkout: installs system packages and npm packages, and builds the agent. With --deb also installs what
# packaging needs, with --test what the tests need. Silent and fast when there is nothing to do.
set -eu
cd "$(dirname "$0")/.."
PATH="$PATH:/usr/sbin:/sbin"

# PACKAGE=PROOF: the Debian package, and a command or a file below $SYSROOT that proves that it is installed.
AGENT="gcc=cc libc6-dev=/usr/include/stdio.h"
CAP="g++=g++ make=make python3=python3 libpcap-dev=/usr/include/pcap/pcap.h"
DEB="binutils=strip dpkg=dpkg-deb"
case $(uname -m) in
aarch64) DEB="$DEB gcc-x86-64-linux-gnu=x86_64-linux-gnu-gcc
  libc6-dev-amd64-cross=/usr/x86_64-linux-gnu/include/stdio.h" ;;
*) DEB="$DEB gcc-aarch64-linux-gnu=aarch64-linux-gnu-gcc
  libc6-dev-arm64-cross=/usr/aarch64-linux-gnu/include/stdio.h" ;;
esac
TEST="$DEB
  lintian=lintian qemu-user-static=qemu-aarch64-static systemd=systemd-analyze
  python3=python3 tcpdump=tcpdump tshark=tshark pmacct=sfacctd nfdump=nfdump nfdump-sflow=sfcapd
  strace=strace iproute2=ip iptables=iptables ethtool=ethtool iperf3=iperf3 iputils-ping=ping procps=sysctl
  docker.io=dockerd docker-cli=docker busybox-static=/bin/busybox dnsmasq-base=dnsmasq
  podman=podman netavark=/usr/lib/podman/netavark
  qemu-system-x86=qemu-system-x86_64 mmdebstrap=mmdebstrap cpio=cpio kmod=depmod"

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

# Runs a command. Prints the last lines of its output if it fails, and nothing otherwise.
quietly() {
  if ! "$@" >"$log" 2>&1; then
    tail -n 25 "$log" >&2
    return 1
  fi
}

# Installs packages without questions: tshark would ask who may capture, and its default, root only, is fine.
# policy-rc.d keeps their services from starting, because the tests run their own. See invoke-rc.d(8).
POLICY=/usr/sbin/policy-rc.d
apt_install() {
  if [ ! -e "${SYSROOT-}$POLICY" ]; then
    made="${SYSROOT-}$POLICY"
    printf '#!/bin/sh\nexit 101\n' >"$made" && chmod +x "$made"
  fi
  DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -y --no-install-recommends -o DPkg::Lock::Timeout=120 install "$@" >"$log" 2>&1
}

# Fetches the lists of packages only if the installation fails without. Then leaves out packages that this release does
# not have: a tool may be a package of its own in one release and part of another package in the next.
install_all() {
  apt_install "$@" && return
  quietly apt-get -qq update || return
  known=
  for package in "$@"; do
    if apt-cache show "$package" >/dev/null 2>&1; then known="$known $package"; fi
  done
  # shellcheck disable=SC2086
  apt_install $known || tail -n 25 "$log" >&2
}

# system PURPOSE PACKAGE=PROOF ...: installs the packages that are missing, or prints how to install them.
system() {
  purpose=$1
  shift
  packages=$(missing "$@")
  [ -n "$packages" ] || return 0
  if ! command -v apt-get >/dev/null; then
    say "$purpose: please install (Debian's names):$packages"
  elif [ "$(id -u)" -ne 0 ]; then
    say "$purpose: please run: sudo apt-get install -y --no-install-recommends$packages"
  else
    say "$purpose: installing$packages"
    # shellcheck disable=SC2086
    install_all $packages || :
    packages=$(missing "$@")
    [ -z "$packages" ] || say "$purpose: could not install:$packages"
  fi
}

unpack_kernel() {
  package=$(apt-cache depends "$KERNEL_PACKAGE" | sed -n 's/^ *Depends: *\(linux-image-.*\)/\1/p')
  rm -rf "$1.part"
  mkdir -p "$1.part"
  (cd "$1.part" && apt-get -qq download "$package" && dpkg-deb -x ./*.deb . && rm ./*.deb) >"$log" 2>&1 || return
  [ -e "$1.part/lib" ] || ln -s usr/lib "$1.part/lib"
  for modules in "$1.part"/lib/modules/*; do depmod -b "$1.part" "${modules##*/}"; done
  mv "$1.part" "$1"
}

kernel() {
  where=${SYSROOT-}$KERNEL
  [ ! -e "$where" ] || return 0
  if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
    say "the tests: please unpack Debian's package $KERNEL_PACKAGE in $KERNEL, and run depmod(8) on it"
  else
    say "the tests: unpacking $KERNEL_PACKAGE"
    unpack_kernel "$where" || { quietly apt-get -qq update && unpack_kernel "$where"; } || tail -n 25 "$log" >&2
  fi
}

# `cap` is built with Node's headers. Uses those installed with this node, so that node-gyp does not download them.
npm_install() {
  prefix=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
  if [ -e "$prefix/include/node/node_api.h" ]; then
    export npm_config_nodedir="$prefix" npm_package_config_node_gyp_nodedir="$prefix"
  fi
  say "installing npm packages"
  quietly npm ci --include=dev --include=optional --loglevel=error
  [ -d node_modules/cap ] || say "the optional package cap was not built; the agent samples packets without it"
}

# The first versions with process.getBuiltinModule, with which the bundle loads Node's modules.
version=$(node --version 2>/dev/null || echo none)
case $version in
v20.[0-9].* | v20.1[0-5].* | v21.* | v22.[0-2].*) enough=no ;;
v[2-9][0-9].*) enough=yes ;;
*) enough=no ;;
esac
if [ $enough = no ]; then
  say "Node.js 20.16, 22.3 or later is needed, found $version"
  exit 1
fi

log=$(mktemp)
made=
trap 'rm -f "$log" $made' EXIT
# dash does not run the EXIT trap when a signal ends it.
trap 'exit 1' HUP INT TERM

# shellcheck disable=SC2086
system "the agent" $AGENT
# shellcheck disable=SC2086
case ${1-} in
--deb) system "the packages" $DEB ;;
--test)
  system "the tests" $TEST
  kernel
  ;;
esac

# A link leads to the folder of another checkout, which maintains it.
installed=node_modules/.package-lock.json
if [ ! -L node_modules ] && { [ ! -e $installed ] || [ package-lock.json -nt $installed ]; }; then
  # shellcheck disable=SC2086
  system "the optional capture engine cap" $CAP
  npm_install
fi

newer() { find agent native-shim packaging package-lock.json -newer "$1" -print -quit; }
if [ ! -e dist/.built ] || [ -n "$(newer dist/.built)" ]; then
  quietly node packaging/build.mjs
  : >dist/.built
fi
