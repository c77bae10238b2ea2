# Programs built from Go source into the cache, one folder for each version: a row of programs.tsv is all that it takes.

go_program() {
  go_row "$1"
  command -v go >/dev/null || fail "Go 1.25 or later is needed to build $go_name: install it from https://go.dev/dl/, then run this again."
  made=$cache/bin/$go_name-$(go_digest)
  [ -d "$made" ] || locked "$go_name" go_make
}

# Reads the row of a program into $go_name, $go_source, $go_estimate, $go_aliases and $go_linker_flags.
go_row() {
  while read -r go_name go_source go_estimate go_aliases go_linker_flags; do
    [ "$go_name" = "$1" ] && return
  done <"$here/programs.tsv"
  fail "There is no step or program '$1'. Steps: node, cluster, fleet, worker, ansible, faketime; programs: $(awk '!/^#/ && NF { printf "%s ", $1 }' "$here/programs.tsv")"
}

# What a build depends on: its row, its source, and the compiler (asked for in its folder, where go.mod may choose one).
go_digest() {
  {
    echo "$go_source $go_aliases $go_linker_flags"
    case $go_source in
      ./*)
        cd "$root/$go_source"
        find . -type f \( -name '*.go' -o -name go.mod -o -name go.sum \) ! -name '*_test.go' | LC_ALL=C sort | xargs sha256sum
        ;;
    esac
    go version
  } | sha256sum | cut -c1-16
}

go_make() {
  [ ! -d "$made" ] || return 0
  rm -rf "$made".*.tmp
  go_folder=$made.$$.tmp
  mkdir -p "$go_folder"
  long "$go_name" "building $go_name" "about $go_estimate on 2 cores" go_compile
  [ -x "$go_folder/$go_name" ] || fail "$go_source did not build a program called $go_name: name its row after the program."
  [ "$go_aliases" = - ] || for alias in $(echo "$go_aliases" | tr , ' '); do ln -s "$go_name" "$go_folder/$alias"; done
  mv "$go_folder" "$made"
  # Builds of versions long gone: each is some 100 MB.
  find "$cache/bin" -maxdepth 1 -name "$go_name-????????????????" -mtime +14 ! -path "$made" -exec rm -rf {} +
}

# Becomes the compiler, so that an interrupt reaches it.
go_compile() {
  case $go_source in
    ./*)
      exec go build -C "$root/$go_source" -trimpath -buildvcs=false -ldflags "-s -w $go_linker_flags" -o "$go_folder/$go_name" .
      ;;
    *) exec env GOBIN="$go_folder" go install -trimpath -ldflags "-s -w $go_linker_flags" "$go_source" ;;
  esac
}
