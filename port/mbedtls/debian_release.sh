# To be sourced by sh: apt for another release of Debian than the one that runs, with the mirrors and keys that this
# machine's apt uses. Nothing of the system is touched.
#
#   debian_release DIR RELEASE TYPE    prepares DIR/apt for TYPE (deb or deb-src); 0, or 1 and words on standard error
#   debian_apt COMMAND ARGUMENTS...    runs it for that release; what it prints goes to DIR/apt/log

debian_release() {
  mkdir -p "$1/apt/lists/partial" "$1/apt/cache/archives/partial"
  debian_dir=$(cd "$1" && pwd)
  debian_log=$debian_dir/apt/log
  keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  signed_by=
  [ ! -r "$keyring" ] || signed_by="[signed-by=$keyring] "
  apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' \
    >"$debian_dir/apt/targets" 2>"$debian_log" || {
    echo "apt-get does not work here: $(cat "$debian_log")" >&2
    return 1
  }
  awk -v line="$3 $signed_by" -v release="$2" '
    ($1 == "bookworm" || $1 == "trixie") && $2 == "main" { print line $3 " " release " main" }' \
    "$debian_dir/apt/targets" | sort -u >"$debian_dir/apt/sources.list"
  [ -s "$debian_dir/apt/sources.list" ] || {
    echo "apt has no source of Debian's main to derive one of $2 from" >&2
    return 1
  }
  debian_apt apt-get update || {
    echo "$2 can't be reached: $(grep -m 1 -E '^(E|W|Err)' "$debian_log")" >&2
    return 1
  }
}

debian_apt() {
  debian_command=$1
  shift
  "$debian_command" -q -o Dir::Etc::SourceList="$debian_dir/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
    -o Dir::State::Lists="$debian_dir/apt/lists" -o Dir::Cache="$debian_dir/apt/cache" -o APT::Sandbox::User=root \
    -o Acquire::Retries=2 -o APT::Update::Error-Mode=any "$@" >"$debian_log" 2>&1
}
