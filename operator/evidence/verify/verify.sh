#!/bin/sh
# Verifies packs of evidence with openssl and coreutils alone, without a network and without Holdfast.
#
#   sh verify.sh DIR KEY.pub...     DIR is a copy of a store, or of anything below it; take the keys from a place that
#                                   who may write to the store cannot write to.
#
# Checks of each pack: the signature, the type of what was signed, each file's digest, that there is no other file
# beside them, and that each pack has the number after the one before and the digest of what was signed there.
# A chain may begin after signed records of what was deleted, `disposition-<from>.sigstore.json`. A file that is
# not there is missing, unless REDACTED.json at the top of DIR says that it was left out, with the digest that was signed.
# Does not check: until when a key is valid or whether it was revoked, timestamps and logs, signatures without a key,
# the journal and what was deleted of it, whether all is of one cluster, runs that were missed, and whether packs are
# missing at the end of the chain. `kubectl holdfast evidence verify` checks all of that.
# Exit codes: 0 verified, 1 refused or not verified, 2 partial: all that is there is verified, and something is missing.
set -eu
LC_ALL=C
export LC_ALL
umask 077

statement='{"_type":"https://in-toto.io/Statement/v1","predicate":{'
before_subjects='"predicateType":"https://holdfast.dev/attestation/evidence-pack/v1","subject":['
record='{"_type":"https://in-toto.io/Statement/v1","predicate":{"anchor":{"digest":{"sha256":"'
record_subjects='"predicateType":"https://holdfast.dev/attestation/disposition/v1","subject":[{'
type=application/vnd.in-toto+json

[ $# -ge 2 ] && [ -d "$1" ] || {
  echo 'usage: sh verify.sh DIR KEY.pub...' >&2
  exit 1
}
root=$1
shift
for key; do
  openssl pkey -pubin -in "$key" -noout 2>/dev/null || {
    echo "$key is not a public key in PEM" >&2
    exit 1
  }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
refused=0
partial=0
packs=0
number=
folder=
last=

# Names come from others: nothing but plain characters reaches the terminal.
say() { printf '%s\n' "$*" | tr -c '[:print:]\n' '?'; }

refuse() {
  say "REFUSED $1: $2"
  refused=$((refused + 1))
}

# It is verified, and not all.
lacks() {
  say "PARTIAL $1: $2"
  partial=$((partial + 1))
}

digest() { sha256sum <"$1" | cut -c1-64; }

# The only string after a name, in a bundle as Holdfast writes it: sets $field, or fails where it is not there once.
only() {
  case $2 in *"\"$1\":\""*) ;; *) return 1 ;; esac
  field=${2#*"\"$1\":\""}
  case $field in *"\"$1\""*) return 1 ;; esac
  field=${field%%\"*}
}

# The signature over the type and the payload, each after its length, by one of the keys.
signed() {
  {
    printf 'DSSEv1 %d %s %d ' ${#type} $type "$(wc -c <"$work/payload")"
    cat "$work/payload"
  } >"$work/signed"
  for key; do
    openssl dgst -sha256 -verify "$key" -signature "$work/sig" "$work/signed" >/dev/null 2>&1 && return 0
  done
  return 1
}

# The payload of a bundle that one of the keys signed, in $work/payload; $why says why there is none.
read_bundle() {
  bundle=$1
  shift
  json=$(cat "$bundle")
  payload= sig=
  only payload "$json" && payload=$field
  only sig "$json" && sig=$field
  only payloadType "$json" || field=
  if [ -z "$payload" ] || [ -z "$sig" ] || [ "$field" != "$type" ] ||
    ! printf %s "$payload" | base64 -d >"$work/payload" 2>/dev/null || ! printf %s "$sig" | base64 -d >"$work/sig" 2>/dev/null; then
    why='it is not a bundle of one signature as Holdfast writes it'
    return 1
  fi
  why='its signature is not valid for any of the keys'
  signed "$@"
}

# Sets $skips: numbers of bundles of another writer, each with a space before and after it.
read_skips() {
  skips=' '
  rest=${1#*',"skipped":['}
  while :; do
    case $rest in '{"digest":{"sha256":"'*'"},"reason":"'*'","sequence":'*) ;; *) return 1 ;; esac
    rest=${rest#*'","sequence":'}
    case ${rest%%\}*} in '' | *[!0-9]* | 0*) return 1 ;; esac
    skips="$skips${rest%%\}*} "
    rest=${rest#*\}}
    case $rest in ,*) rest=${rest#,} ;; '],"store":{'*) return 0 ;; *) return 1 ;; esac
  done
}

# Whether each number from one to before another is one of $skips.
skips_all() {
  at=$1
  while [ "$at" -lt "$2" ]; do
    case $skips in *" $at "*) ;; *) return 1 ;; esac
    at=$((at + 1))
  done
}

# Sets $number, $folder, $previous and $previous_digest from a payload that was signed, $skips where it skips numbers,
# $origin, and $subjects.
read_payload() {
  case $1 in "$statement"*"$before_subjects"*']}') ;; *) return 1 ;; esac
  subjects=${1##*"$before_subjects"}
  folder=${1#*'"folder":"'}
  folder=${folder%%\"*}
  # Whatever a reason says, no text of it has a quotation mark without a backslash.
  number=${1%%',"skipped":[{'*}
  skips=
  [ "$number" = "$1" ] || read_skips "$1" || return 1
  number=${number##*'"sequence":'}
  case $number/$skips in *',"store":{'*/ | [1-9]*/' '*) number=${number%%[,/]*} ;; *) return 1 ;; esac
  origin=${1#*'"cluster":{'}
  origin=${origin%%\}*}/${1##*'"store":{'}
  origin=${origin%%\}*}
  chain=${1##*'"pack":{"name":"'}
  chain=${chain%%\"*}
  case $number in '' | *[!0-9]* | 0*) return 1 ;; esac
  case $folder in *[!0-9a-f-]* | '') return 1 ;; esac
  previous=0
  previous_digest=
  case $1 in
    *'"previous":{"digest":{"sha256":"'*)
      previous_digest=${1#*'"previous":{"digest":{"sha256":"'}
      previous=${previous_digest#*'"},"sequence":'}
      previous_digest=${previous_digest%%\"*}
      previous=${previous%%\}*}
      ;;
  esac
}

# Each file that was signed, in the order of $subjects; and no other beside them.
check_files() {
  names='/'
  rest=$subjects
  while :; do
    case $rest in '{"digest":{"sha256":"'*'"},"name":"'*'"}'*) ;; *) return 1 ;; esac
    rest=${rest#'{"digest":{"sha256":"'}
    wanted=${rest%%\"*}
    rest=${rest#"$wanted"'"},"name":"'}
    name=${rest%%\"*}
    rest=${rest#"$name"'"}'}
    case $name in '' | .* | *[!A-Za-z0-9._-]*) return 1 ;; esac
    case $names in *"/$name/"*) return 1 ;; esac
    names="$names$name/"
    file=$1/$name
    if [ ! -e "$file" ] && [ ! -L "$file" ] && left_out "${file#"$root"/}" "$wanted"; then
      lacks "$file" 'it was left out of this export; its digest is the one that was signed'
    elif [ -L "$file" ] || [ ! -f "$file" ]; then
      refuse "$file" 'it is missing, or not a file'
    elif [ "$(digest "$file")" != "$wanted" ]; then
      refuse "$file" 'it was changed: its digest is not the one that was signed'
    fi
    case $rest in ,*) rest=${rest#,} ;; ']}') break ;; *) return 1 ;; esac
  done
  for file in "$1"/* "$1"/.[!.]* "$1"/..?*; do
    [ -e "$file" ] || [ -L "$file" ] || continue
    case $names in *"/${file##*/}/"*) ;; *) refuse "$file" 'it is beside the files that were signed' ;; esac
  done
}

# Whether REDACTED.json lists a path with that digest, as Holdfast writes it.
left_out() {
  case $redacted in *"\"path\":\"$1\","*) ;; *) return 1 ;; esac
  item=${redacted#*"\"path\":\"$1\","}
  item=${item%%\}*}
  case $item in *"\"sha256\":\"$2\""*) return 0 ;; *) return 1 ;; esac
}

# Where the chain of this directory begins: after the last record of what was deleted, if all records follow one another
# from the first number on. Sets $anchor, 0 where there is no record, and empty where they are worth nothing.
read_records() {
  anchor=0 anchor_digest= anchor_chain= anchor_origin= record_digest=
  for bundle in "$directory"/disposition-*.sigstore.json; do
    [ -e "$bundle" ] || [ -L "$bundle" ] || continue
    # Those of the journal, with 12 digits, are not checked.
    case ${bundle##*/} in disposition-????????????.*) continue ;; esac
    if [ -L "$bundle" ] || [ ! -f "$bundle" ]; then
      why='it is a symbolic link, or not a file'
    elif read_bundle "$bundle" "$@" && read_record "$(cat "$work/payload")"; then
      anchor=$to
      record_digest=$(digest "$work/payload")
      continue
    fi
    refuse "$bundle" "$why"
    anchor=
    return
  done
}

# One of them, after the one before.
read_record() {
  why='what was signed is not a record of what was deleted'
  case $1 in "$record"*"$record_subjects"*'}]}') ;; *) return 1 ;; esac
  rest=${1#"$record"}
  sum=${rest%%\"*}
  rest=${rest#"$sum"'"},"sequence":'}
  to=${rest%%\}*}
  rest=${rest#"$to"'},"chain":{"kind":"Pack","name":"'}
  name=${rest%%\"*}
  rest=${rest#"$name"'"},"cluster":{'}
  origin=${rest%%\}*}
  begin=${1##*'"from":'}
  begin=${begin%%,*}
  time=${1##*'"time":"'}
  time=${time%%\"*}
  store=${1##*'"store":{'}
  origin=$origin/${store%%\}*}
  end=${1##*'","to":'}
  case $begin/$to in /* | */ | *[!0-9/]* | 0* | */0*) return 1 ;; esac
  case $end in "$to},"*) ;; *) why='its anchor is not the last that it lists' && return 1 ;; esac
  [ "$begin" -le "$to" ] || return 1
  why='it is of another chain, store or cluster than the record before'
  [ "$anchor" = 0 ] || [ "$name/$origin" = "$anchor_chain/$anchor_origin" ] || return 1
  why="it says that what is before $begin was deleted earlier, and the records go to $anchor"
  [ "$begin" = $((anchor + 1)) ] || return 1
  why='it does not follow the record before as it is here'
  case $1 in *'"previous":{'*) before=${1#*'"previous":{"digest":{"sha256":"'} before=${before%%\"*} ;; *) before= ;; esac
  [ "$before" = "$record_digest" ] || return 1
  read_deleted "$1" || return 1
  why='its anchor is not the last that it lists'
  [ "$deleted" = "$sum" ] || return 1
  anchor_digest=$sum anchor_chain=$name anchor_origin=$origin
}

# Each number from $begin to $to, none of them deleted before it was due. Sets $deleted, the digest of the last.
read_deleted() {
  why="it does not list each of $begin to $to"
  rest=${1#*'"disposed":['}
  at=$begin
  while [ "$at" -le "$to" ]; do
    case $rest in '{"basis":"'*'"digest":{"sha256":"'*'"},"retainedUntil":"'*'","sequence":'*) ;; *) return 1 ;; esac
    rest=${rest#*'"digest":{"sha256":"'}
    deleted=${rest%%\"*}
    rest=${rest#"$deleted"'"},"retainedUntil":"'}
    until=${rest%%\"*}
    rest=${rest#"$until"'","sequence":'}
    case $rest in "$at}"[],]*) ;; *) return 1 ;; esac
    rest=${rest#"$at}"}
    # Times as Holdfast writes them are in order as texts are.
    case ${#until}${#time} in 2424) ;; *) return 1 ;; esac
    [ "$(printf '%s\n%s\n' "$until" "$time" | sort | head -n 1)" = "$until" ] || {
      why="$at was deleted before it was due, at $until"
      return 1
    }
    [ "$at" = "$to" ] || rest=${rest#,}
    at=$((at + 1))
  done
  case $rest in '],"from":'*) ;; *) return 1 ;; esac
}

# Bundles that are not signed with one of the keys, until a pack says that it skips their numbers.
flush() {
  for one in $pending; do
    file=$directory/$(printf %08d "$one").sigstore.json
    # That it is skipped was said of the pack that says so.
    case $skipped in *" $one "*) ;; *) refuse "$file" 'it is not signed as Holdfast writes it, with one of the keys' ;; esac
  done
  pending=
}

# Where the first pack that is there has to begin.
check_begin() {
  [ -n "$anchor" ] || return 0
  if [ "$previous" -gt "$anchor" ]; then
    lacks "$1" "the packs from $((anchor + 1)) to $previous are not here"
  elif [ "$anchor" -gt 0 ] && [ "$previous" != "$anchor" ]; then
    refuse "$1" "it does not follow pack $anchor, to which the records go"
  elif [ "$anchor" -gt 0 ] && [ "$previous_digest" != "$anchor_digest" ]; then
    refuse "$1" "it does not follow pack $anchor as the record says it was deleted"
  fi
  [ "$anchor" = 0 ] || [ "$chain/$origin" = "$anchor_chain/$anchor_origin" ] ||
    refuse "$1" 'the records of what was deleted are of another chain, store or cluster'
}

# One pack, after the one before in the same directory.
check_pack() {
  pack=$1
  name=${pack##*/}
  name=${name%%.*}
  digits=${name#"${name%%[!0]*}"}
  shift
  case ${#digits} in [1-9] | 1[0-5]) ;; *) digits= ;; esac
  if [ -z "$digits" ] || [ "$(printf %08d "$digits")" != "$name" ]; then
    refuse "$pack" 'its number is not written as a store writes it'
    return
  fi
  # What is before was deleted, or is about to be.
  if [ -n "$anchor" ] && [ "$digits" -le "$anchor" ]; then return; fi
  if ! read_bundle "$pack" "$@"; then
    pending="$pending $digits"
    return
  fi
  if ! read_payload "$(cat "$work/payload")"; then
    refuse "$pack" 'what was signed is not a statement of a pack'
    return
  fi
  packs=$((packs + 1))
  [ "$(printf %08d "$number")" = "$name" ] || refuse "$pack" "it is pack $number under another name"
  [ "$previous" -lt "$number" ] && skips_all $((previous + 1)) "$number" ||
    refuse "$pack" "it is number $number and follows $previous"
  case $skipped in *" $number "*) refuse "$pack" 'a pack skips it, and it is signed as well: there are two histories' ;; esac
  skipped="$skipped$skips"
  for one in $skips; do lacks "$pack" "it says that number $one is of another writer"; done
  if [ -z "$last" ]; then
    check_begin "$pack"
  elif [ "$previous" != "$last" ]; then
    refuse "$pack" "it is pack $number, which follows $previous, after pack $last"
  elif [ "$previous_digest" != "$last_digest" ]; then
    refuse "$pack" "it does not follow pack $last as it is here"
  fi
  last=$number
  last_digest=$(digest "$work/payload")
  check_files "${pack%/*}/$folder" || refuse "$bundle" 'its subjects are not files as Holdfast writes them'
}

redacted=
if [ -e "$root/REDACTED.json" ] || [ -L "$root/REDACTED.json" ]; then
  if [ -L "$root/REDACTED.json" ] || [ ! -f "$root/REDACTED.json" ]; then
    refuse "$root/REDACTED.json" 'it is a symbolic link, or not a file'
  else
    redacted=$(head -c 16777216 "$root/REDACTED.json")
    case $redacted in
      '{"files":['*) lacks "$root/REDACTED.json" 'it is an export that leaves out what is listed there' ;;
      *) redacted= && refuse "$root/REDACTED.json" 'it is not a list of files as Holdfast writes it' ;;
    esac
  fi
fi

# Every directory that has bundles, as far down as a store goes.
for directory in "$root" "$root"/* "$root"/*/* "$root"/*/*/*; do
  [ -d "$directory" ] && [ ! -L "$directory" ] || continue
  last= pending= anchor= skipped=
  read_records "$@"
  for one in "$directory"/*.sigstore.json; do
    [ -f "$one" ] || continue
    name=${one##*/}
    name=${name%.sigstore.json}
    # Lists of keys, and what witnesses added later, have other names.
    case $name in *[!0-9]*) continue ;; esac
    if [ -L "$one" ]; then refuse "$one" 'it is a symbolic link'; else check_pack "$one" "$@"; fi
  done
  flush
done

# `1 pack`, `3 packs`.
counted() { [ "$1" -eq 1 ] && echo "1 $2" || echo "$1 ${2}s"; }

if [ $refused -gt 0 ] || [ $packs -eq 0 ]; then
  say "Refused: $(counted $refused problem) in $(counted $packs pack). Do not rely on it."
  exit 1
fi
if [ $partial -gt 0 ]; then
  [ $partial -eq 1 ] && are=is || are=are
  say "Partial: $(counted $packs pack) verified, and $(counted $partial thing) $are missing. Not checked: see the head of this script."
  exit 2
fi
say "Verified: $(counted $packs pack). Not checked: validity of keys, timestamps, journal, missed runs; see the head of this script."
