# Progress lines, locks and long commands for setup.sh: a person who waits sees what for, and how long it took last time.

say() { printf '[setup] %s\n' "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

# 252 → 4m12s
minutes() { if [ "$1" -ge 60 ]; then printf '%dm%02ds' $(($1 / 60)) $(($1 % 60)); else printf '%ds' "$1"; fi; }

# locked NAME COMMAND...: no other start does NAME meanwhile. Not to be nested: there is one lock descriptor.
locked() {
  mkdir -p "$cache/lock"
  exec 9>"$cache/lock/$1"
  if ! flock -n 9; then
    say "waiting for another process that sets up $1…"
    flock 9
  fi
  shift
  "$@"
  exec 9>&-
}

# long NAME WHAT ESTIMATE COMMAND...: runs a command whose output is only read when it fails, with a line every 15 s.
# NAME is what its duration is remembered by.
long() {
  long_name=$1 long_what=$2 long_estimate=$3
  shift 3
  mkdir -p "$cache/log" "$cache/seconds"
  long_log=$cache/log/$long_name.log
  if [ -f "$cache/seconds/$long_name" ]; then
    long_estimate="$long_estimate; last time $(minutes "$(cat "$cache/seconds/$long_name")")"
  fi
  say "$long_what ($long_estimate)…"
  long_start=$(date +%s)
  # Without the lock's descriptor: a build that outlives a killed start must not keep the next one waiting.
  "$@" >"$long_log" 2>&1 </dev/null 9>&- &
  long_pid=$!
  trap 'kill "$long_pid" 2>/dev/null; exit 130' INT TERM HUP
  long_shown=0
  while kill -0 "$long_pid" 2>/dev/null; do
    sleep 1
    long_seconds=$(($(date +%s) - long_start))
    if [ $((long_seconds - long_shown)) -ge 15 ]; then
      long_shown=$long_seconds
      say "  still $long_what, $(minutes $long_seconds) so far"
    fi
  done
  long_status=0
  wait "$long_pid" || long_status=$?
  trap - INT TERM HUP
  if [ $long_status -ne 0 ]; then
    tail -n 20 "$long_log" >&2
    fail "$long_what failed (exit $long_status). The end of its output is above; the complete output is in $long_log."
  fi
  long_seconds=$(($(date +%s) - long_start))
  echo "$long_seconds" >"$cache/seconds/$long_name"
  say "  done in $(minutes $long_seconds)"
}
