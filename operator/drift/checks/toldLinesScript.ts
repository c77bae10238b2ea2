/** How a host finds lines of configuration files, for `line` and `setting`: what is asked and answered stands in `toldLines.ts`. Only reads. */
import { placedFor } from './placed.ts';
import { seenOf, whyNot } from './shell.ts';
import { askSudo } from './sudoSaid.ts';
import { linesRequest, parseLines, type LinesAsked } from './toldLines.ts';

const most = 1000;

const program = String.raw`
function add(text) { block = block text "\n"; count++ }
function may_all_read(path,   at) {
  if (seen[path] !~ /^f/ || mode[path] !~ /[4567]$/ || mode["/"] !~ /[1357]$/) return "no"
  for (at = path; sub(/\/[^\/]*$/, "", at) && at != "";) if (mode[at] !~ /[1357]$/) return "no"
  return "yes"
}
function tell_line(number, flags, text) {
  if (++told > MOST) return
  # A reader in C ends a line at its NUL, which a shell would leave out.
  if (text ~ /[\000-\010\013\014\016-\037\177]/) { add("X" US "line " number " of " file " is not plain text"); return }
  if (length(text) > 2048) { add("X" US "line " number " of " file " has more than 2048 characters, too long to be read as a setting: split it"); return }
  add("L" US number US flags US text)
}
function begins(bare,   i) {
  for (i = 1; i <= words; i++) if (index(bare, word[i]) == 1) return 1
  return 0
}
function tell(path,   text, bare, got, n, flags, is_comment, is_hit, is_below, is_joined, is_set, odd, first, bytes) {
  file = path; told = 0; n = 0; odd = 0; first = 0; bytes = 0; is_below = 0; is_joined = 0; is_set = 0
  if (!(path in seen)) {
    if (!(path in missing)) add("X" US path " cannot be accessed: stat did not report it")
    else if (missing[path] != "") add("X" US path " cannot be accessed: " missing[path])
    else add("F" US path US "absent" US "no")
    return
  }
  if (kind[path] == "1:3") { add("F" US path US seen[path] US "mask"); return }
  if (kind[path] != "f") { add("X" US path (path in kind ? " is not a regular file" : " is a link that cannot be followed")); return }
  if (size[path] > 4194304) { add("X" US path " is larger than 4 MiB, too large to be read as settings"); return }
  add("F" US path US seen[path] US may_all_read(path) US (path in newer ? "newer" : ""))
  while ((got = (getline text < path)) > 0) {
    n++; flags = ""; bare = text; bytes += length(text) + 1
    if (n == 1) { marked = index(text, MARK) == 1; sign = between = "" }
    is_comment = text ~ /^[ \t]*[#;]/
    sub(/^[ \t#;]*(export[ \t]+)?/, "", bare); bare = tolower(bare)
    is_hit = within != "" && text ~ within || begins(bare) || line != "" && (text == line || text == line "\r")
    if (is_joined) flags = flags "j"
    if (text ~ /^[^ \t\r#;]/) is_below = 0
    if (is_below && text ~ /^[ \t]+[^ \t\r]/) flags = flags "m"
    if (is_hit || flags ~ /m/ || text ~ /^[ \t]*\[/) tell_line(n, flags, text)
    if (is_hit && !is_comment) is_below = 1
    if (!is_comment) { bare = text; sub(/\r$/, "", bare); is_joined = 0; while (sub(/\\$/, "", bare)) is_joined = !is_joined }
    if (!first && !is_comment && text ~ /[^ \t\r]/) first = n
    if (sign == "" && form != "" && text ~ /^[ \t]*[^ \t=#;[][^ \t=]*[ \t]*[ \t=][ \t]*[^ \t=\r]/) {
      bare = text; sub(/^[ \t]*[^ \t=]+/, "", bare); match(bare, /^[ \t]*=?[ \t]*/); bare = substr(bare, 1, RLENGTH)
      if (bare ~ /=/) sign = bare; else if (between == "") between = bare
    }
    if (!odd && form != "" && text !~ form) odd = n
    if (!odd && below != "" && !is_set && text ~ /^[ \t]+[^ \t\r\[]/) odd = n
    is_set = !is_comment && text ~ /[^ \t\r]/ && text !~ /^[ \t]*\[/
  }
  close(path)
  if (got < 0) add("X" US path " cannot be read: Permission denied")
  else if (told > MOST) add("X" US path " has more than " MOST " lines that may be relevant")
  else add("E" US n US odd US first US is_joined US (n && marked) US (bytes > size[path]) US (n ? (sign == "" ? between : sign) : ""))
}
BEGIN { US = "\037"; FS = US; MARK = "\357\273\277" }
/^\035/ { part = substr($0, 2); next }
part == "seen" && NF == 2 { seen[$1] = $2 }
part == "stated" && NF == 5 { kind[$1] = $2 ~ /^8/ ? "f" : $4; mode[$1] = $3; sub(/:.*/, "", mode[$1]); size[$1] = $5 }
part == "missing" && NF == 2 { missing[$1] = $2 }
part == "newer" && $0 != "" { newer[$0] = 1 }
part == "folders" && $0 != "" { expected[$0] = 1 }
part == "found" && $0 != "" && NF != 2 { odd_name = 1 }
part == "found" && NF == 2 { if ($1 == 0) ended[$2] = 1; else { found[++all] = $2; at = $2; sub(/\/[^\/]*$/, "", at); holder[all] = at } }
part == "sudo" { if (state == "") state = $0; else said = said $0 }
part == "asked" && NF == 10 {
  block = ""; count = 0; within = $6; words = split($2, word, " "); line = $3; form = $4; below = $5
  tell($10)
  many = split($8, folder, ":")
  for (i = 1; i <= many; i++) {
    if (!(folder[i] in expected)) continue
    add("D" US folder[i])
    if (odd_name || !(folder[i] in ended)) { add("X" US folder[i] " cannot be read: find did not report everything in it"); continue }
    for (j = 1; j <= all; j++) if (holder[j] == folder[i]) tell(found[j])
  }
  many = split($7, other, ":")
  for (j = 1; j <= many; j++) tell(other[j])
  if ($9 != "") add("S" US state US said)
  printf "\036%s\037%sZ\037%d", $1, block, count
}
`.replaceAll('MOST', `${most}`);

/**
 * Processes: stat and sha256sum, find where there are folders, and one awk; stat once more where there are links, and for each file that is not
 * there; what asks sudo. `line` and `setting` have them both.
 */
const toldLines = `
told_lines() {
n=$1 sudo= why= needed= asked= paths= folders= above= missing= newer= found=
while [ "$n" -gt 0 ] && IFS=$US read -r index words line form below text also inside wants path; do
  n=$((n - 1)) needed=$needed$wants
  asked=$asked$index$US$words$US$line$US$form$US$below$US$text$US$also$US$inside$US$wants$US$path$NL
  IFS=:
  for path in "$path" $also; do
    case $NL$paths in *"$NL$path$NL"*) ;; *) paths=$paths$path$NL ;; esac
  done
  for folder in $inside; do
    [ -d "$folder" ] || continue
    case $NL$folders in *"$NL$folder$NL"*) ;; *) folders=$folders$folder$NL ;; esac
  done
  unset IFS
done
IFS=$NL
[ -z "$folders" ] || found=$(find -H $folders -depth -maxdepth 1 '(' -type d ! -name '*.conf' -o ! -type d '(' -name '*.conf' -o -path '/etc/profile.d/*.sh' -o -path '/etc/audit/rules.d/*.rules' -o -path '/etc/cloud/cloud.cfg.d/*.cfg' ')' ')' -printf '%d\\037%p\\n' </dev/null 2>/dev/null)
for entry in $found; do
  case $entry in "0$US"*) ;; *) paths=$paths\${entry#*"$US"}$NL ;; esac
done
for path in $paths; do
  at=$path
  while at=\${at%/*} && [ -n "$at" ]; do
    case $NL$above in *"$NL$at$NL"*) break ;; esac
    above=$above$at$NL
  done
  [ -e "$path" ] || [ -L "$path" ] || { why_not "$path"; missing=$missing$path$US$why$NL; }
  # What programs read instead, and others make of it.
  made=
  case $path in
    /etc/dconf/db/*.d/*) made=\${path%%.d/*} ;;
    /etc/ld.so.conf | /etc/ld.so.conf.d/*) made=/etc/ld.so.cache ;;
    /etc/aliases | /etc/postfix/* | /etc/mail/*)
      for made in "$path.db" "$path.lmdb" ''; do [ ! -e "$made" ] || break; done ;;
  esac
  [ -z "$made" ] || { [ -e "$made" ] && ! [ "$path" -nt "$made" ]; } || newer=$newer$path$NL
done
seen_of / $above $paths
IFS=$NL
case $stated in
  *"\${US}a"???"$US"*) stated=$(stat -L --printf='%n\\037%f\\037%a:%u:%g\\037%t:%T\\037%s\\n' -- / $above $paths </dev/null 2>/dev/null) ;;
esac
unset IFS
[ -z "$needed" ] || ask_sudo
state=known
[ -z "$why" ] || { state=unknown sudo=$why; }
told=$(printf '\\035%s\\n' "seen$NL$seen" "stated$NL$stated" "missing$NL$missing" "newer$NL$newer" "folders$NL$folders" "found$NL$found" "sudo$NL$state$NL$sudo" "asked$NL$asked" | awk '${program}' 2>/dev/null)
status=$?
IFS=$NL
for request in $asked; do
  index=\${request%%"$US"*}
  case $told in
    *"$RS$index$US"*) [ "$status" -ne 0 ] || continue ;;
  esac
  cannot "$index" "the files cannot be searched: awk failed with exit code $status"
done
[ "$status" -eq 0 ] || return 0
IFS=$RS
for block in $told; do
  [ -z "$block" ] || answer "\${block%%"$US"*}" "\${block#*"$US"}"
done
unset IFS
}`;

/** What a type has in common with others that ask about lines. */
export function askingLines<Declared>(askedOf: (declared: Declared) => LinesAsked) {
  return {
    request: (declared: Declared) => linesRequest(askedOf(declared)),
    shares: [
      placedFor((declared: Declared) => {
        const { path, also } = askedOf(declared);
        return [path, ...(also?.paths ?? [])];
      }),
    ],
    functions: [whyNot, seenOf, askSudo, toldLines],
    script: 'told_lines "$1"',
    parse: parseLines,
  };
}
