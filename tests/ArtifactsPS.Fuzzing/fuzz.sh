#!/bin/sh
# Fuzzes one target: fuzz.sh <target> <seconds>. Needs AFL++ (afl-fuzz) and `dotnet tool restore`.
# Crashes and hangs are in bin/fuzz/found/<target>/default, beside this script.
set -eu
cd "$(dirname "$0")"
target=$1 seconds=$2
out=bin/fuzz
if [ ! -d "$out/program" ]; then
    dotnet build -c Release >/dev/null
    mkdir -p "$out"
    # Instrumented assemblies run only under the fuzzer.
    cp -r bin/Release/net10.0 "$out/program"
    for assembly in ArtifactsPS.Core Newtonsoft.Json ZstdSharp; do
        dotnet sharpfuzz "$out/program/$assembly.dll"
    done
fi
mkdir -p "$out/found"
dotnet bin/Release/net10.0/ArtifactsPS.Fuzzing.dll seeds "$target" "$out/seeds/$target"
# The program isn't compiled by AFL++, crash handlers are ignored, and the machine isn't tuned.
AFL_SKIP_BIN_CHECK=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_SKIP_CPUFREQ=1 AFL_NO_UI=1 AFL_NO_AFFINITY=1 \
    afl-fuzz -i "$out/seeds/$target" -o "$out/found/$target" -t 10000 -m none -V "$seconds" \
    -- dotnet "$out/program/ArtifactsPS.Fuzzing.dll" "$target"
