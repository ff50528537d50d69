# Shell functions that bin/linchpin, bin/check, bin/load and bin/prove share. Sourced, never run.

say() { printf '%s\n' "$*" >&2; }
die() { say "linchpin: $*"; exit 69; }

# The major version of the JDK in a directory, from its release file: no JVM is started to ask.
jdk_major() {
  local line
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  line=$(grep -m1 '^JAVA_VERSION=' "$1/release") || return 1
  line=${line#*\"}
  line=${line%%[!0-9]*}
  printf '%s' "$line"
}

# Sets JAVA_HOME to a JDK of at least 25: LINCHPIN_JAVA_HOME, JAVA_HOME, PATH, then the usual folders.
find_jdk() {
  local candidate major on_path
  on_path=$(command -v javac 2>/dev/null) && on_path=$(readlink -f "$on_path") && on_path=${on_path%/bin/javac}
  for candidate in "${LINCHPIN_JAVA_HOME:-}" "${JAVA_HOME:-}" "$on_path" \
      /usr/lib/jvm/*25* /opt/*25* /opt/java/*25* /usr/lib/jvm/* /opt/* /opt/java/* \
      "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.asdf/installs/java/* /usr/local/*jdk*; do
    [ -n "$candidate" ] || continue
    major=$(jdk_major "$candidate") || continue
    if [ "${major:-0}" -ge 25 ]; then
      export JAVA_HOME=$candidate
      return 0
    fi
  done
  say "Linchpin needs a JDK 25 or later, and found none in LINCHPIN_JAVA_HOME, JAVA_HOME, PATH, /usr/lib/jvm, /opt,"
  say "~/.sdkman or ~/.jdks. Any of these gives one:"
  say "  Debian, Ubuntu   apt install openjdk-25-jdk-headless, or temurin-25-jdk from https://adoptium.net/installation"
  say "  Fedora           dnf install java-25-openjdk-devel"
  say "  SDKMAN           sdk install java 25-tem"
  say "Where it stands somewhere else, set JAVA_HOME to it."
  exit 69
}

need_maven() {
  command -v mvn >/dev/null 2>&1 && return 0
  say "Building Linchpin needs Apache Maven 3.8 or later on the PATH:"
  say "  Debian, Ubuntu   apt install maven"
  say "  Fedora           dnf install maven"
  say "  SDKMAN           sdk install maven"
  exit 69
}
