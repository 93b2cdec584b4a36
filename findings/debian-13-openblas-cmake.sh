#!/usr/bin/env bash
# find_package(OpenBLAS CONFIG) on Debian 13.
#
# libopenblas-pthread-dev 0.3.29+ds-3: OpenBLASConfig.cmake is found, and names a library and headers in folders
# that have none, so a project configures without a word and the build then misses its library. openblas.pc beside it is right:
# pkg_check_modules(... openblas), or BLA_PREFER_PKGCONFIG for FindBLAS.
#
# The package is taken apart in a temporary folder, so this runs on Debian 12 too. Needs apt, dpkg-deb, and a
# keyring that knows Debian 13 (debian-archive-keyring).
#
# Seen: PREFIX/lib/libopenblas.so and PREFIX/include, PREFIX two folders above its own, where library and
# headers lie in openblas-pthread below /usr/lib/x86_64-linux-gnu and /usr/include/x86_64-linux-gnu.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
version=0.3.29+ds-3

# This machine's mirror, but of Debian 13.
mirror=$(apt-get indextargets --format '$(LABEL)|$(REPO_URI)' 'Created-By: Packages' | sed -n 's/^Debian|\(http.*\)/\1/p' | head -n 1)
mkdir -p "$folder/state/lists/partial" "$folder/cache/archives/partial"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$folder/sources.list"
trixie=(apt-get -qq -o "Dir::State=$folder/state" -o "Dir::Cache=$folder/cache" -o "Dir::Etc::sourcelist=$folder/sources.list"
  -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null -o APT::Sandbox::User=root)
"${trixie[@]}" update
cd "$folder"
"${trixie[@]}" download libopenblas-pthread-dev="$version"
dpkg-deb -x libopenblas-pthread-dev_*.deb root

config=$(find root -name OpenBLASConfig.cmake)
echo "libopenblas-pthread-dev $version: ${config#root}"
cat >ask.cmake <<END
include($folder/$config)
message("\${OpenBLAS_LIBRARIES}|\${OpenBLAS_INCLUDE_DIRS}")
END
cmake -P ask.cmake 2>answer
IFS='|' read -r library headers <answer
there=$(find root -name libopenblas.so)
verdict=0
echo "  it names      ${library#"$folder/root"} and ${headers#"$folder/root"}"
echo "  the package's ${there#root} and $(find root -name cblas.h | sed 's/^root//; s,/cblas.h,,')"
[ -n "$there" ] || { echo "expected a library in the package" >&2; verdict=1; }
[ ! -e "$library" ] && [ ! -d "$headers" ] || { echo "expected names of what is not there" >&2; verdict=1; }
flags=$(PKG_CONFIG_LIBDIR=$folder/$(dirname "$(find root -name openblas.pc)") pkg-config --variable=libdir openblas)
echo "  openblas.pc   $flags"
[ -L "root$flags/libopenblas.so" ] || # to the library itself, which is another package's
  { echo "expected openblas.pc to be right" >&2; verdict=1; }
exit $verdict
