#!/usr/bin/env bash
# OmegaT translates a text with our memory alone: omegat.sh PATH/TO/duizhao
# A project with the sample letter's TMX in tm/auto/ and some of its Chinese sentences as source. What OmegaT writes
# must be the English of the memory. OmegaT's exit status says nothing, its target file does.
set -euo pipefail
duizhao=$(realpath "$1")
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/project"/{source,target,tm/auto,glossary,dictionary,omegat} "$work/config"
"$duizhao" align -q "$root/data/samples/A-61-1006.zh.txt" "$root/data/samples/A-61-1006.en.txt" \
    -o "$work/project/tm/auto/letter.tmx" -o "$work/letter.jsonl"
cat > "$work/project/omegat.project" <<'XML'
<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<omegat><project version="1.0">
<source_dir>__DEFAULT__</source_dir><source_dir_excludes/><target_dir>__DEFAULT__</target_dir>
<tm_dir>__DEFAULT__</tm_dir><glossary_dir>__DEFAULT__</glossary_dir><glossary_file>__DEFAULT__</glossary_file>
<dictionary_dir>__DEFAULT__</dictionary_dir>
<source_lang>ZH-CN</source_lang><target_lang>EN-US</target_lang>
<sentence_seg>false</sentence_seg><support_default_translations>true</support_default_translations>
<remove_tags>false</remove_tags></project></omegat>
XML
# The text filter wants a byte-order mark and an empty line between paragraphs.
{
    printf '\xef\xbb\xbf'
    printf '%s\n\n' "安全理事会" "阿塞拜疆被占领土的局势" "伊斯兰会议组织完全承认阿塞拜疆共和国的主权和领土完整。"
} > "$work/project/source/text.txt"
timeout 300 java -Djava.awt.headless=true -Duser.home="$work" -jar /usr/share/omegat/OmegaT.jar "$work/project" \
    --mode=console-translate --config-dir="$work/config" --no-team > "$work/log" 2>&1 || true
if [ ! -s "$work/project/target/text.txt" ]; then
    echo "FAIL OmegaT wrote nothing"
    tail -20 "$work/log"
    exit 1
fi
for wanted in "Security Council" "The situation in the occupied territories of Azerbaijan" \
    "OIC fully recognizes the sovereignty and territorial integrity of the Republic of Azerbaijan."; do
    if ! grep -qF "$wanted" "$work/project/target/text.txt"; then
        echo "FAIL OmegaT did not find: $wanted"
        cat "$work/project/target/text.txt"
        exit 1
    fi
done
echo "PASS OmegaT translated with the memory"
