#!/bin/sh
# Verifies packs of evidence with openssl and coreutils alone, without a network and without Holdfast.
#
#   sh verify.sh DIR KEY.pub...     DIR is a copy of a store, or of anything below it; take the keys from a place that
#                                   who may write to the store cannot write to.
#
# Checks of each pack: the signature, the type of what was signed, each file's digest, that there is no other file
# beside them, and that each pack has the number after the one before and the digest of what was signed there.
# Does not check: until when a key is valid or whether it was revoked, timestamps and logs, signatures without a key,
# the journal, whether all is of one cluster, runs that were missed, and whether packs are missing at the end of the
# chain. `kubectl holdfast evidence verify` checks all of that.
# Exit codes: 0 verified, 1 refused, 2 wrong arguments.
set -eu
LC_ALL=C
export LC_ALL
umask 077

statement='{"_type":"https://in-toto.io/Statement/v1","predicate":{'
before_subjects='"predicateType":"https://holdfast.dev/attestation/evidence-pack/v1","subject":['
type=application/vnd.in-toto+json

[ $# -ge 2 ] && [ -d "$1" ] || {
  echo 'usage: sh verify.sh DIR KEY.pub...' >&2
  exit 2
}
root=$1
shift
for key; do
  openssl pkey -pubin -in "$key" -noout 2>/dev/null || {
    echo "$key is not a public key in PEM" >&2
    exit 2
  }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
refused=0
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

# Sets $number, $folder, $previous and $previous_digest from a payload that was signed, and $subjects.
read_payload() {
  case $1 in "$statement"*"$before_subjects"*']}') ;; *) return 1 ;; esac
  subjects=${1##*"$before_subjects"}
  folder=${1#*'"folder":"'}
  folder=${folder%%\"*}
  number=${1##*'"sequence":'}
  case $number in *',"store":{'*) number=${number%%,*} ;; *) return 1 ;; esac
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
    if [ -L "$file" ] || [ ! -f "$file" ]; then
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

# One pack, after the one before in the same directory.
check_pack() {
  bundle=$1
  shift
  json=$(cat "$bundle")
  payload= sig=
  only payload "$json" && payload=$field
  only sig "$json" && sig=$field
  only payloadType "$json" || field=
  if [ -z "$payload" ] || [ -z "$sig" ] || [ "$field" != "$type" ] ||
    ! printf %s "$payload" | base64 -d >"$work/payload" 2>/dev/null || ! printf %s "$sig" | base64 -d >"$work/sig" 2>/dev/null; then
    refuse "$bundle" 'it is not a bundle of one signature as Holdfast writes it'
    return
  fi
  if ! signed "$@"; then
    refuse "$bundle" 'its signature is not valid for any of the keys'
    return
  fi
  if ! read_payload "$(cat "$work/payload")"; then
    refuse "$bundle" 'what was signed is not a statement of a pack'
    return
  fi
  packs=$((packs + 1))
  name=${bundle##*/}
  [ "$(printf %08d "$number")" = "${name%%.*}" ] || refuse "$bundle" "it is pack $number under another name"
  [ "$previous" = $((number - 1)) ] || refuse "$bundle" "it is number $number and follows $previous"
  if [ -z "$last" ]; then
    [ "$number" = 1 ] || say "        $bundle: the packs before it are not here"
  elif [ "$number" != $((last + 1)) ]; then
    refuse "$bundle" "it is pack $number, after pack $last"
  elif [ "$previous_digest" != "$last_digest" ]; then
    refuse "$bundle" "it does not follow pack $last as it is here"
  fi
  last=$number
  last_digest=$(digest "$work/payload")
  check_files "${bundle%/*}/$folder" || refuse "$bundle" 'its subjects are not files as Holdfast writes them'
}

# Every directory that has bundles, as far down as a store goes.
for directory in "$root" "$root"/* "$root"/*/* "$root"/*/*/*; do
  [ -d "$directory" ] && [ ! -L "$directory" ] || continue
  last=
  for bundle in "$directory"/*.sigstore.json; do
    [ -f "$bundle" ] || continue
    name=${bundle##*/}
    name=${name%.sigstore.json}
    # Lists of keys, and what witnesses added later, have other names.
    case $name in *[!0-9]*) continue ;; esac
    if [ -L "$bundle" ]; then refuse "$bundle" 'it is a symbolic link'; else check_pack "$bundle" "$@"; fi
  done
done

if [ $refused -gt 0 ] || [ $packs -eq 0 ]; then
  say "Refused: $refused problems in $packs packs. Do not rely on it."
  exit 1
fi
say "Verified: $packs packs. Not checked: validity of keys, timestamps, journal, missed runs; see the head of this script."
