#!/usr/bin/env bash
# Format and lint: clang-format over every C file of the repository, clang-tidy over the sources.
#   scripts/check-style.sh [BUILD]     a configured build folder, default build-test
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build-test}

list() { # list PATTERN...: tracked files, or those in a source archive
  if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then git ls-files -- "$@"
  else find core sweeps analysis mpi cli tests \( -name '*.c' -o -name '*.h' \) | sort
  fi
}

mapfile -t files < <(list '*.c' '*.h')
clang-format --dry-run -Werror "${files[@]}"
echo "clang-format: ${#files[@]} files"

if [ ! -e "$build/compile_commands.json" ]; then
  echo "check-style.sh: $build: not a configured build folder; configure it first" >&2
  exit 2
fi
mapfile -t sources < <(list 'core/*.c' 'sweeps/*.c' 'analysis/*.c' 'mpi/*.c' 'cli/*.c' | grep -v '^tests/' | grep '[.]c$')
# Files that this configuration does not compile have no flags to lint them with.
compiled=()
for source in "${sources[@]}"; do
  if grep -q "\"file\": \"$PWD/$source\"" "$build/compile_commands.json"; then compiled+=("$source"); fi
done
# One file a process: clang-tidy 14 carries what it thinks of va_lists from one file to the next.
printf '%s\n' "${compiled[@]}" | xargs -P "$(nproc)" -n 1 clang-tidy --quiet -p "$build" 2>/dev/null
echo "clang-tidy: ${#compiled[@]} of ${#sources[@]} sources"
