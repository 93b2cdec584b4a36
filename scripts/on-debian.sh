#!/usr/bin/env bash
# Runs a command of the README in a fresh clone inside a bare Debian of the release asked for, on this
# kernel: what a stranger's new machine does with it. Nothing of this machine is seen in there but where
# packages come from and what its processor needs.
set -euo pipefail

usage() {
  cat <<'END'
Usage: scripts/on-debian.sh 12|13 [--tree DIR] COMMAND...
Makes a bare tree of that Debian release (debootstrap), clones the last commit of this repository into
it, and runs COMMAND there, a line for bash, as root:

  scripts/on-debian.sh 13 scripts/demo.sh
  scripts/on-debian.sh 12 'scripts/setup.sh && cmake -B build && cmake --build build'

The tree gets this machine's package sources, proxies and certificates, OPENBLAS_CORETYPE where it is
set, and nothing else. It is removed at the end; --tree keeps it in DIR, and goes on with what an earlier
call has left there (the clone is new each time). Needs root or sudo, and debootstrap
(scripts/setup.sh --for test installs it). Exits as COMMAND does; with 2 if it could not be started.
END
}

fail() { echo "on-debian.sh: $*" >&2; exit 2; }

tree=
case ${1:-} in
  12) suite=bookworm ;;
  13) suite=trixie ;;
  -h | --help) usage; exit 0 ;;
  *) usage >&2; exit 2 ;;
esac
release=$1
shift
case ${1:-} in
  --tree) tree=${2:-}; shift 2 || fail "--tree wants a folder" ;;
  --tree=*) tree=${1#--tree=}; shift ;;
esac
[ $# -gt 0 ] || { usage >&2; exit 2; }

here=$(cd "$(dirname "$0")/.." && pwd)
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || fail "a tree is made by root, and there is no sudo"
  exec sudo --preserve-env "$here/scripts/on-debian.sh" "$release" ${tree:+--tree "$tree"} "$@"
fi
command -v debootstrap >/dev/null || fail "debootstrap is missing: scripts/setup.sh --for test installs it"
if [ -n "$(git -C "$here" status --porcelain 2>/dev/null)" ]; then
  echo "on-debian.sh: changes that are not committed are left out" >&2
fi

if [ -n "$tree" ]; then
  mkdir -p "$tree"
  tree=$(cd "$tree" && pwd)
else
  # Not /tmp, which may be a file system in memory.
  tree=$(mktemp -d /var/tmp/debian-"$release".XXXXXX)
  trap 'rm -rf --one-file-system "$tree"' EXIT
  chmod 755 "$tree" # it is the root of users that are not root
fi

# --- what the machine hands over --------------------------------------------------------------

# mirror LABEL: where this machine takes such packages from, if it is a Debian.
mirror() {
  { apt-get indextargets --format '$(LABEL)|$(REPO_URI)' 'Created-By: Packages' 2>/dev/null || true; } |
    sed -n "s/^$1|\(https\{0,1\}:.*[^/]\).*/\1/p" | head -n 1
}

apt_setting() { # apt_setting NAME
  apt-config dump --format '%v%n' "$1" 2>/dev/null | head -n 1
}

certificates=
for file in "${SSL_CERT_FILE:-}" /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt; do
  if [ -z "$certificates" ] && [ -n "$file" ] && [ -r "$file" ]; then certificates=$file; fi
done
certificates_inside=/etc/ssl/machine-certificates.crt

# Variables of the command inside, and of nothing else: proxies, indexes, certificates.
handed_over=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
  "TERM=${TERM:-dumb}")
for name in http_proxy https_proxy ftp_proxy no_proxy HTTP_PROXY HTTPS_PROXY FTP_PROXY NO_PROXY \
  PIP_INDEX_URL PIP_TRUSTED_HOST CI OPENBLAS_CORETYPE OPENBLAS_L2_SIZE; do
  if [ -n "${!name:-}" ]; then handed_over+=("$name=${!name}"); fi
done
if index=$(python3 -m pip config get global.index-url 2>/dev/null); then handed_over+=("PIP_INDEX_URL=$index"); fi
if index=$(npm config get registry 2>/dev/null); then handed_over+=("npm_config_registry=$index"); fi
if [ -n "$certificates" ]; then
  for name in SSL_CERT_FILE CURL_CA_BUNDLE GIT_SSL_CAINFO REQUESTS_CA_BUNDLE PIP_CERT NODE_EXTRA_CA_CERTS \
    npm_config_cafile; do
    handed_over+=("$name=$certificates_inside")
  done
fi

# --- the tree ---------------------------------------------------------------------------------

debian=$(mirror Debian)
security=$(mirror Debian-Security)

make_tree() {
  local log=$tree.log
  echo "on-debian.sh: making a bare Debian $release in $tree" >&2
  if ! debootstrap --variant=minbase $suite "$tree" ${debian:+"$debian"} >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    fail "debootstrap failed: the whole of it is in $log"
  fi
  rm -f "$log"
}

configure_tree() {
  local scheme setting
  # Where this machine is no Debian, debootstrap has its own mirror, and has written it down.
  if [ -z "$debian" ]; then debian=$(awk '$1 == "deb" { print $2; exit }' "$tree/etc/apt/sources.list"); fi
  cat >"$tree/etc/apt/sources.list" <<END
deb $debian $suite main
deb $debian $suite-updates main
deb ${security:-$debian-security} $suite-security main
END
  {
    for scheme in http https; do
      setting=$(apt_setting Acquire::$scheme::Proxy)
      if [ -n "$setting" ]; then echo "Acquire::$scheme::Proxy \"$setting\";"; fi
    done
    if [ -n "$certificates" ]; then echo "Acquire::https::CAInfo \"$certificates_inside\";"; fi
  } >"$tree/etc/apt/apt.conf.d/90machine"
  if [ -e /etc/apt/auth.conf ]; then cp /etc/apt/auth.conf "$tree/etc/apt/"; fi
  if [ -d /etc/apt/auth.conf.d ]; then cp -r /etc/apt/auth.conf.d "$tree/etc/apt/"; fi
  if [ -n "$certificates" ]; then install -D -m 644 "$certificates" "$tree$certificates_inside"; fi
  cp -L /etc/resolv.conf /etc/hosts "$tree/etc/"
  echo force-unsafe-io >"$tree/etc/dpkg/dpkg.cfg.d/90tree" # a tree that a crash breaks is made again
}

if [ -e "$tree/etc/debian_version" ] && [ ! -d "$tree/debootstrap" ]; then # it removes that when it is through
  case $(cat "$tree/etc/debian_version") in
    "$release" | "$release".*) ;;
    *) fail "--tree: $tree is a Debian $(cat "$tree/etc/debian_version"); choose another folder" ;;
  esac
else
  setting=$(apt_setting Acquire::http::Proxy)
  if [ -n "$setting" ] && [ -z "${http_proxy:-}" ]; then export http_proxy=$setting; fi
  make_tree
fi
configure_tree
clone=/srv/vggsweep
rm -rf "${tree:?}$clone"
git -c safe.directory='*' clone -q --no-hardlinks "$here" "$tree$clone"
git -C "$tree$clone" remote remove origin # a path of this machine

# --- the command ------------------------------------------------------------------------------

# Mounts and processes of its own: both end with the command, however it ends.
inside='
set -e
tree=$1 clone=$2 command=$3
shift 3
mount --bind "$tree" "$tree" # so that its root is that of a mount: a tree in a tree wants one
mount -t proc proc "$tree/proc"
mount --rbind /sys "$tree/sys"
mount --rbind /dev "$tree/dev"
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts "$tree/dev/pts"
mount --bind "$tree/dev/pts/ptmx" "$tree/dev/ptmx"
mount -t tmpfs -o mode=1777 tmpfs "$tree/dev/shm"
exec chroot "$tree" env -i "$@" bash -c "cd $clone && $command"
'
# In braces, and so read before it runs: a shell reads on where it was in a file that somebody changed meanwhile.
{
  code=0
  unshare --mount --pid --fork --kill-child sh -c "$inside" sh "$tree" "$clone" "$*" "${handed_over[@]}" || code=$?
  exit "$code"
}
