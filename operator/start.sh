#!/bin/sh
# Starts the operator so that it needs least; `make bench NAME=reconcile` measures what each is worth.
# - Node lets the part of the heap for new objects grow to 128 MiB, which a watch of many objects fills and never needs.
# - Threads that collect so little among them take more time together than one alone: a tenth of that of a decision.
# - glibc keeps memory apart for each of Node's threads, and gives little of it back.
# - Names of hosts are resolved by threads, half of them at once: names that nobody answers for must not take them all.
# NODE_COMPILE_CACHE, where it names a folder that nobody else may write, spares each start from compiling anew: an image
# fills it once by `operator/start.sh --help`.

# The first process of a container is given the processes whose parents have ended, such as those that keep a connection of ssh, and
# has to wait for them: Node does not, and each would stay as a zombie. A shell does.
if [ $$ = 1 ]; then
  "$0" "$@" &
  operator=$!
  trap 'kill -TERM $operator' TERM INT
  code=0
  # A signal ends the waiting too.
  while kill -0 $operator 2>/dev/null; do
    code=0
    wait $operator || code=$?
  done
  exit $code
fi
MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-1}
export MALLOC_ARENA_MAX
UV_THREADPOOL_SIZE=${UV_THREADPOOL_SIZE:-32}
export UV_THREADPOOL_SIZE
major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)
[ "$major" -ge 24 ] || {
  echo "error: the operator needs Node 24 or later, but node is $(node --version 2>/dev/null || echo 'missing'); install it, or put it first in PATH" >&2
  exit 2
}
folder=$(dirname -- "$0")
# In an image it is bundled.
program=$folder/main.js
[ -f "$program" ] || program=$folder/main.ts
exec node --max-semi-space-size=4 --no-parallel-scavenge "$program" "$@"
