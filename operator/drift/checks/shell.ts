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
  why=$(stat -- "$1" 2>&1 >/dev/null </dev/null) && why='it comes and goes'
  case $why in *': No such file or directory' | *': Not a directory') why= ;; esac
  why=\${why##*: }
}`;
