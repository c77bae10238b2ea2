/** Shell functions that several types have in their scripts. They only read. */

/**
 * `everybody_may_read PATH MODE`: whether everybody may read the file, by its mode and by those of the folders above it.
 * Only then may its text leave the host.
 */
export const everybodyMayRead = `
everybody_may_read() {
  case $2 in *[4567]) ;; *) return 1 ;; esac
  folder=$1
  set -- /
  while folder=\${folder%/*} && [ -n "$folder" ]; do set -- "$@" "$folder"; done
  for mode in $(stat --dereference --format=%a -- "$@" </dev/null 2>/dev/null || echo 0); do
    case $mode in *[1357]) ;; *) return 1 ;; esac
  done
}`;

/** `why_not PATH`: sets $why to the reason why nothing can be seen at a path; empty when there simply is nothing. */
export const whyNot = `
why_not() {
  why=$(stat -- "$1" 2>&1 >/dev/null </dev/null) && why='it appeared in the meantime'
  case $why in
    *': No such file or directory' | *': Not a directory') why= ;;
    *) why=\${why:-'stat gives no reason'} ;;
  esac
  why=\${why##*: }
}`;

/**
 * `seen_of PATH…`: sets $seen to a line `PATH US SEEN` for each that is there, in the form that file changes take; no link is followed.
 * A part that stat or sha256sum did not tell is empty, as is the digest of a file above 256 MiB. Sets $stated to a line
 * `PATH US TYPE AND MODE US MODE:UID:GID US DEVICE US BYTES` for each as well, mode in hexadecimal and then in octal; and $looked to lines of both
 * for those that `placed` has not told: for these one stat and one sha256sum.
 */
export const seenOf = `
seen_of() {
  seen= regular= sums= stated= looked= IFS=$NL
  case \${placed-} in *"$NL"E)
    wanted=$NL known=$NL rest=
    for path; do wanted=$wanted$path$NL; done
    for entry in $placed; do
      path=\${entry%%"$US"*}
      case $wanted in *"$NL$path$NL"*) ;; *) continue ;; esac
      known=$known$path$NL
      [ "$entry" != "$path$US" ] || continue
      stated=$stated\${entry%"$US"*}$NL seen=$seen$path$US\${entry##*"$US"}$NL
    done
    for path; do case $known in *"$NL$path$NL"*) ;; *) rest=$rest$path$NL ;; esac; done
    set -- $rest ;;
  esac
  if [ "$#" -eq 0 ]; then unset IFS; return 0; fi
  told=$(stat --printf='%n\\037%f\\037%a:%u:%g\\037%t:%T\\037%s\\n' -- "$@" </dev/null 2>/dev/null)
  for entry in $told; do
    case $entry in *"\${US}8"???"$US"*) [ "\${entry##*"$US"}" -gt 268435456 ] || regular=$regular\${entry%%"$US"*}$NL ;; esac
  done
  case $regular in
    '') ;;
    # With NULs no name is written otherwise than it is.
    *\\\\*) sums=$NL$(sha256sum -z -- $regular </dev/null 2>/dev/null | tr '\\0' '\\n')$NL ;;
    *) sums=$NL$(sha256sum -- $regular </dev/null 2>/dev/null)$NL ;;
  esac
  for entry in $told; do
    path=\${entry%%"$US"*} digest= type='?' stated=$stated$entry$NL looked=$looked$entry
    case $entry in
      *"\${US}8"???"$US"*)
        type=f
        case $sums in *"  $path$NL"*) digest=\${sums%%"  $path$NL"*} digest=\${digest##*"$NL"} ;; esac
        ;;
      *"\${US}4"???"$US"*) type=d ;;
      *"\${US}a"???"$US"*) type=l ;;
    esac
    entry=\${entry#*"$US"*"$US"}
    entry=$type:\${entry%%"$US"*}:$digest
    seen=$seen$path$US$entry$NL looked=$looked$US$entry$NL
  done
  unset IFS
}`;
