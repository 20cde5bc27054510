#!/usr/bin/env bash
# Runs the quickstart, the Pester files and the test classes of list.txt under Wine, after `dotnet build`.
# Usage: tests/Wine/run.sh [pattern...]. A pattern selects items by name, also those that only the whole list has:
#   tests/Wine/run.sh 'Restoring.*'
#   tests/Wine/run.sh $(yes net8.0 netstandard2.0 | head -n 10)   # Runs both quickstarts ten times.
# Ends with a line `N passed, N failed`, in which each item counts as one. ARTIFACTS_TEST_FULL_SIZE=1 runs all items.
# Needs Debian's package wine64, and 1 GB in the folder for temporary files.
set -uo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
list=$root/tests/Wine/list.txt
tests=$root/tests/ArtifactsPS.Core.Tests/bin/Debug/net10.0
# Seconds for an item. Classes that throw thousands of exceptions take minutes under Wine.
limit=120
[ -z "${ARTIFACTS_TEST_FULL_SIZE:-}${1:-}" ] || limit=600
wine=/usr/lib/wine/wine64
server=/usr/lib/wine/wineserver64
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

skip() { # <reason>
  echo "$1 Nothing was tested under Wine."
  echo '0 passed, 0 failed'
  exit 0
}
fail() { # <reason>
  echo "$1"
  echo '0 passed, 1 failed'
  exit 1
}

[ -x "$wine" ] && [ -x "$server" ] || skip 'wine64 is missing.'
command -v script >/dev/null || skip 'script (util-linux) is missing.'
[ -f "$tests/ArtifactsPS.Core.Tests.dll" ] || fail 'The tests are not built. Run `dotnet build` first.'
packages=$(dotnet nuget locals global-packages --list | sed 's/^global-packages: //')

work=$(mktemp -d)
# Stops all programs of the prefix, also those that reached their time limit.
end() {
  "$server" -k 2>/dev/null
  "$server" -w 2>/dev/null
  rm -rf "$work"
}
trap end EXIT
trap 'exit 130' INT TERM

# No messages of Wine, no windows, and no debugger for programs that fail.
export WINEPREFIX=$work/prefix WINEDEBUG=-all DISPLAY='' WINEDLLOVERRIDES='winedbg.exe=d'
# Wine doesn't support code that is mapped twice.
export DOTNET_EnableWriteXorExecute=0
export PSExecutionPolicyPreference=Bypass POWERSHELL_TELEMETRY_OPTOUT=1 NO_COLOR=1
# The environment of Unix is also that of the programs.
unset ARTIFACTS_STORE ARTIFACTS_CACHE ARTIFACTS_CONFIG ARTIFACTS_RUN_ID ARTIFACTS_RUN_GROUP ARTIFACTS_TFM

create_prefix() {
  # Without installing Wine's own .NET Framework and browser.
  WINEDLLOVERRIDES='mscoree,mshtml=' timeout -k 5 120 "$wine" wineboot -i &&
    timeout -k 5 60 "$wine" winecfg /v win10 && "$server" -w || return 1
  # The share \\localhost\C$, and a second drive.
  mkdir -p "$WINEPREFIX/dosdevices/unc/localhost" "$work/drive" &&
    ln -s "$WINEPREFIX/drive_c" "$WINEPREFIX/dosdevices/unc/localhost/c\$" &&
    ln -s "$work/drive" "$WINEPREFIX/dosdevices/y:"
}

publish_host() {
  dotnet publish "$root/src/ArtifactsPS.Host" -c Debug -r win-x64 --self-contained -o "$work/host" -v q \
    --disable-build-servers -p:BuildProjectReferences=false -p:PublishReadyToRun=false -p:RunAnalyzers=false
}

# Runs the tests that `dotnet build` built on the .NET that publishing the Host downloaded.
link_dotnet() {
  local version native program assembly padding
  version=$(sed -nE 's/.*"version": "(10[^"]*)".*/\1/p' "$work/host/artifacts.runtimeconfig.json")
  native=${packages}microsoft.netcore.app.runtime.win-x64/$version/runtimes/win-x64/native
  program=${packages}microsoft.netcore.app.host.win-x64/$version/runtimes/win-x64/native/apphost.exe
  mkdir -p "$work/dotnet/host/fxr/$version" "$work/dotnet/shared/Microsoft.NETCore.App/$version" &&
    ln -s "$native/hostfxr.dll" "$work/dotnet/host/fxr/$version" &&
    ln -s "$native"/* "${native%/native}/lib/net10.0"/* "$work/dotnet/shared/Microsoft.NETCore.App/$version" || return 1
  # The SDK writes the name of the assembly over these digits, too.
  local digits=c3ab8ff13720e8ad9047dd39466b3c8974e592c2fa383d4a3960714caef0c4f2
  for assembly in ArtifactsPS.Core.Tests.dll ArtifactsPS.Core.Tests.Writer.dll; do
    padding=$(printf '\\x00%.0s' $(seq $((${#digits} - ${#assembly}))))
    # Another run may have the program open.
    LC_ALL=C sed "s/$digits/$assembly$padding/" "$program" >"$tests/$assembly.$$" &&
      mv -f "$tests/$assembly.$$" "$tests/${assembly%.dll}.exe" || return 1
  done
}

windows_path() { printf 'Z:%s' "${1//\//\\}"; }

# Runs a script in the Host. PowerShell needs a console on Windows, which wine64 creates for a terminal.
in_host() { # <flavour> <script> <argument>...
  local output
  output=$(mktemp -p "$work")
  ARTIFACTS_TFM=$1 timeout -k 5 "$limit" script -qec "'$wine' '$work/host/artifacts.exe' -NoProfile -NonInteractive \
    -File '$(windows_path "$2")' ${*:3} >'$output' 2>&1" /dev/null </dev/null
  tr -d '\r' <"$output" | grep -v '^wine: Read access denied for device'
}

quickstart() { # <flavour>
  local output
  output=$(in_host "$1" "$root/examples/quickstart.ps1")
  [ "$(grep -cE '^sources:v[01]: .* verified: True$' <<<"$output")" = 2 ] &&
    grep -qE 'The results are in C:.* Delete the folder' <<<"$output" && return
  echo "$output"
  return 1
}

pester() { # <flavour>/<file>
  local output version tags
  version=$(sed -nE 's/.*<PesterVersion>(.*)<.*/\1/p' "$root/tests/ArtifactsPS.Tests/Suite.props")
  tags=$(sed -nE 's/^never +tag +([^ ]+) .*/\1/p' "$list" | paste -sd, -)
  output=$(in_host "${1%%/*}" "$root/tests/Wine/Invoke-Pester.ps1" \
    "'$(windows_path "${packages}pester/$version/tools/Pester.psd1")'" \
    "'$(windows_path "$root/tests/Pester/${1#*/}")'" "'$tags'")
  grep -oE 'Tests Passed: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+' <<<"$output"
  grep -q '^Passed$' <<<"$output" && return
  echo "$output"
  return 1
}

class() { # <class without the namespace of all tests>
  local output
  output=$(cd "$tests" && DOTNET_ROOT=$(windows_path "$work/dotnet") timeout -k 5 "$limit" "$wine" \
    ArtifactsPS.Core.Tests.exe -class "ArtifactsPS.Core.Tests.$1" -noLogo -noColor </dev/null 2>&1 | tr -d '\r')
  sed -nE 's/.*Total: ([0-9]+), Errors.* Failed: ([0-9]+), Skipped: ([0-9]+).*/\1 tests, \2 failed, \3 skipped/p' <<<"$output"
  # At least one test ran.
  grep -qE 'Total: ([1-9][0-9]*), Errors: 0, Failed: 0,' <<<"$output" &&
    ! grep -qE 'Total: ([0-9]+),.* Skipped: \1,' <<<"$output" && return
  echo "$output"
  return 1
}

# Runs an item, and prints its result on one line, after its output if it failed.
run() { # <kind> <name>
  local log result=ok seconds=$SECONDS
  log=$(mktemp -p "$work")
  "$1" "$2" >"$log" 2>&1 || result=FAILED
  [ $result = ok ] || sed 1d "$log"
  printf '%-7s %-10s %-60s %4d s  %s\n' $result "$1" "$2" $((SECONDS - seconds)) "$(head -n 1 "$log")"
}

# The chosen items of the list, and classes that it doesn't name.
items() { # <pattern>...
  local item pattern
  {
    sed -nE "s/^(always${ARTIFACTS_TEST_FULL_SIZE:+|full}${1:+|full}) +(quickstart|pester|class) +([^ ]+).*/\2 \3/p" "$list"
    [ -z "${ARTIFACTS_TEST_FULL_SIZE:-}${1:-}" ] ||
      dotnet "$tests/ArtifactsPS.Core.Tests.dll" -list classes -noLogo | sed -nE 's/^ArtifactsPS\.Core\.Tests\.//p' |
      grep -vxFf <(sed -nE 's/^[a-z]+ +class +([^ ]+).*/\1/p' "$list") | sed 's/^/class /'
  } | while read -r item; do
    [ $# -gt 0 ] || echo "$item"
    for pattern in "$@"; do
      # shellcheck disable=SC2053 # a pattern
      [[ ${item#* } == $pattern ]] && echo "$item"
    done
  done
}

seconds=$SECONDS
create_prefix >"$work/prefix.log" 2>&1 || fail "Wine could not be set up: $(cat "$work/prefix.log")"
publish_host >"$work/host.log" 2>&1 || {
  # NU1101 and NU1102: the packages of .NET for Windows are in no source.
  grep -qE 'NU110[0-9]|NU1301' "$work/host.log" && skip '.NET for Windows could not be downloaded.'
  fail "The Host could not be published: $(cat "$work/host.log")"
}
link_dotnet || fail '.NET for Windows could not be set up.'
echo "Wine and .NET for Windows were set up in $((SECONDS - seconds)) s."

export root list tests limit wine packages work
export -f windows_path in_host quickstart pester class run
items "$@" | xargs -P "$(nproc)" -L 1 bash -c 'run "$@"' _ | tee "$work/results"
passed=$(grep -c '^ok ' "$work/results")
failed=$(grep -c '^FAILED ' "$work/results")
# Every item has a result.
[ $((passed + failed)) -eq "$(items "$@" | wc -l)" ] || failed=$((failed + 1))
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
