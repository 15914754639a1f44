#!/bin/sh
# Installs the agent from this folder on systems without dpkg, or removes it: install.sh [--remove]. With ROOT=PATH,
# installs below that path and starts nothing.
set -eu
cd "$(dirname "$0")"
ROOT=${ROOT-}
FOLDER=/usr/lib/hsflowd-ts
UNIT=hsflowd.service

fail() {
  printf 'install.sh: %s\n' "$*" >&2
  exit 1
}

has_systemd() { [ -z "$ROOT" ] && [ -d /run/systemd/system ]; }

check_system() {
  if [ -z "$ROOT" ] && [ "$(id -u)" -ne 0 ]; then fail "only root can install: sudo ./install.sh"; fi
  if command -v dpkg-query >/dev/null && dpkg-query -s hsflowd-ts >/dev/null 2>&1; then
    fail "the package hsflowd-ts is installed: upgrade it with apt, or remove it first"
  fi
}

# Exits if this system cannot run the agent, or has another one.
check_target() {
  usr/lib/hsflowd-ts/node --version >/dev/null ||
    fail "Node.js of this archive does not run here: it needs $(uname -m) as in the archive's name, and glibc 2.28"
  if [ -e "$ROOT/usr/sbin/hsflowd" ] && [ ! -e "$ROOT$FOLDER" ]; then
    fail "another hsflowd is installed: remove it first; its /etc/hsflowd.conf stays in force"
  fi
}

copy() {
  # Names of chunks change from version to version.
  rm -rf "$ROOT$FOLDER"
  find usr -type f | while read -r file; do
    mode=644
    if [ -x "$file" ]; then mode=755; fi
    install -D -m $mode "$file" "$ROOT/$file"
  done
  if [ ! -e "$ROOT/etc/hsflowd.conf" ]; then install -D -m 644 hsflowd.conf "$ROOT/etc/hsflowd.conf"; fi
  if [ -z "$ROOT" ] && command -v restorecon >/dev/null; then restorecon -RF $FOLDER /usr/sbin/hsflowd || :; fi
}

make_user() {
  [ -z "$ROOT" ] || return 0
  getent passwd hsflowd >/dev/null ||
    useradd --system --user-group --home-dir / --no-create-home --shell /sbin/nologin --comment "sFlow agent" hsflowd
  if getent group docker >/dev/null; then usermod -a -G docker hsflowd; fi
}

start() {
  if has_systemd; then
    systemd-tmpfiles --create hsflowd.conf || :
    systemctl daemon-reload
    systemctl try-restart $UNIT || :
    echo "installed: edit /etc/hsflowd.conf, then: systemctl enable --now hsflowd"
  else
    echo "installed: edit /etc/hsflowd.conf, then: hsflowd -d"
  fi
}

remove() {
  if has_systemd; then systemctl disable --now $UNIT || :; fi
  find usr -type f | while read -r file; do rm -f "$ROOT/$file"; done
  find usr -type d -name hsflowd-ts | while read -r folder; do rm -rf "$ROOT/$folder"; done
  if [ -L "$ROOT/etc/hsflowd.auto" ]; then rm -f "$ROOT/etc/hsflowd.auto"; fi
  if has_systemd; then systemctl daemon-reload; fi
  echo "removed; /etc/hsflowd.conf and the user hsflowd are still there"
}

check_system
case ${1-} in
--remove) remove ;;
"")
  check_target
  copy
  make_user
  start
  ;;
*) fail "usage: install.sh [--remove]" ;;
esac
