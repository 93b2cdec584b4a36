#!/usr/bin/env bash
# A function compiled for several processors, called from another file.
#
# __attribute__((target_clones(...))): gcc gives what the loader chooses (an ifunc) the function's own
# name, so that callers in other files need not know of it. clang 16 and 17 give it the name
# FUNCTION.ifunc: the file compiles without a warning, and a caller elsewhere finds nothing to link. Code that
# works with gcc, and within one file with clang too, needs a plain function around the other. clang 18
# has both names. (Shown with the clang of ziglang's wheels, which come pinned from PyPI.)
#
# Seen: 0.11.0 (clang 16.0.6) and 0.12.0 (17.0.6): twice.ifunc alone; 0.13.0 (18.1.6): twice and twice.ifunc.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export ZIG_GLOBAL_CACHE_DIR=$folder/cache ZIG_LOCAL_CACHE_DIR=$folder/cache
cd "$folder"

cat >twice.c <<'END'
__attribute__((target_clones("avx2", "default"))) int twice(int x) { return 2 * x; }
END

verdict=0
expect() { # expect ZIGLANG CLANG NAMES
  local python=$folder/$1/bin/python compiler version names
  python3 -m venv "$folder/$1" && "$python" -m pip -q install "ziglang==$1"
  compiler=("$python" -m ziglang cc -target x86_64-linux-gnu)
  version=$("${compiler[@]}" --version | sed -n 's/^clang version \([0-9.]*\).*/\1/p')
  "${compiler[@]}" -c twice.c -o twice.o
  names=$(nm twice.o | awk '$2 == "i" { print $3 }' | sort | tr '\n' ' ')
  echo "clang $version: the loader's choice is called ${names% }"
  if [ "$version" != "$2" ] || [ "${names% }" != "$3" ]; then
    echo "expected of clang $2: $3" >&2
    verdict=1
  fi
}
expect 0.11.0 16.0.6 "twice.ifunc"
expect 0.12.0 17.0.6 "twice.ifunc"
expect 0.13.0 18.1.6 "twice twice.ifunc"
exit $verdict
