#!/bin/sh
# Runs OpenSSH clients for the operator, one after the other: a process of this size starts others in a fraction of the time
# that the operator takes, which the kernel would have to copy the page tables of.
#
#   clients.sh COMMAND REQUEST    in the state folder
#
# At each line on standard input it runs the file REQUEST, which sets `mark` and runs the client. Once that has ended, standard
# output and standard error both end with `mark`, a space and the exit code: only the operator knows the mark beforehand.
command -v "$1" >/dev/null || {
  echo "$1: not found" >&2
  exit 127
}
while read -r _; do
  . "./$2"
  status=$?
  printf '%s %s\n' "$mark" "$status"
  printf '%s %s\n' "$mark" "$status" >&2
done
# The operator has ended without a word: nothing that works in its folder is to outlive it.
exec >/dev/null 2>&1
for _ in 1 2 3; do
  for process in /proc/[0-9]*; do
    [ "$process/cwd" -ef . ] && [ "$process" != "/proc/$$" ] && kill -9 "${process#/proc/}"
  done
done
exec rm -rf "$PWD"
