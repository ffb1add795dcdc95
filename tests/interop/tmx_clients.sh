#!/usr/bin/env bash
# Other programs read the TMX that a memory exports: tmx_clients.sh PATH/TO/duizhao
# Valid by the DTD (xmllint), read completely by translate-toolkit and perl XML::TMX, and exact matches in OmegaT in
# both directions. Needs the packages libxml2-utils, omegat, libxml-tmx-perl, and translate-toolkit from PyPI.
set -euo pipefail
duizhao=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"$duizhao" align -q "$root/data/samples/A-61-1006.zh.txt" "$root/data/samples/A-61-1006.en.txt" -o letter.jsonl
"$duizhao" tm add -q letter.jsonl
"$duizhao" tm add -q "$root/tmx-samples/good-inline-tags.tmx" "$root/tmx-samples/good-plain.tmx"
"$duizhao" tm export -q all.tmx
"$duizhao" tm list > units.tsv
units=$(wc -l < units.tsv)
bash "$here/xmllint.sh" all.tmx
for tool in omegat trados memoq; do
    "$duizhao" tm validate all.tmx --for "$tool" > "$tool.txt" || true
    # The only thing minded may be what a memory may hold: several translations, other countries.
    if grep -vE $'\t(several-translations|source-code|own-property)\t' "$tool.txt"; then
        echo "FAIL validate --for $tool"
        exit 1
    fi
done
python3 - "$units" <<'PYTHON'
import re, sys
from translate.storage import tmx
store = tmx.tmxfile(open("all.tmx", "rb"), "zh-CN", "en-US")
# The toolkit shows inline tags inside the text.
plain = lambda text: re.sub("<[^>]*>", "", str(text)).strip()
found = [(plain(u.source), plain(u.target)) for u in store.units]
escapes = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}
cell = lambda text: re.sub(r"\\(.)", lambda m: escapes[m[1]], text).strip()
wanted = [tuple(map(cell, line.rstrip("\n").split("\t")[2:4])) for line in open("units.tsv", encoding="utf-8")]
wanted = [tuple(re.sub("<[^>]*>", "", t) for t in pair) for pair in wanted]
assert len(found) == int(sys.argv[1]), (len(found), sys.argv[1])
for ours, theirs in zip(wanted, found):
    assert ours == theirs, (ours, theirs)
print(f"PASS translate-toolkit reads {len(found)} units, every text as it is")
PYTHON
perl -MXML::TMX::Reader -e '
    my ($file, $units) = @ARGV;
    my $count = 0;
    XML::TMX::Reader->new($file)->for_tu(sub {
        my %texts = map { lc($_) => $_[0]{$_}{-seg} } grep { ref $_[0]{$_} eq "HASH" } keys %{$_[0]};
        $count++ if length($texts{"zh-cn"} // "") && length($texts{"en-us"} // "");
    });
    die "FAIL XML::TMX read both texts of $count of $units units\n" unless $count == $units;
    print "PASS XML::TMX reads both texts of $count units\n";' all.tmx "$units"

omegat() { # SOURCE TARGET, lines: source TAB wanted
    local project="$work/project-$1"
    mkdir -p "$project"/{source,target,tm/auto,glossary,dictionary,omegat} "$work/config-$1"
    cp all.tmx "$project/tm/auto/"
    cat > "$project/omegat.project" <<XML
<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<omegat><project version="1.0">
<source_dir>__DEFAULT__</source_dir><source_dir_excludes/><target_dir>__DEFAULT__</target_dir>
<tm_dir>__DEFAULT__</tm_dir><glossary_dir>__DEFAULT__</glossary_dir><glossary_file>__DEFAULT__</glossary_file>
<dictionary_dir>__DEFAULT__</dictionary_dir>
<source_lang>$1</source_lang><target_lang>$2</target_lang>
<sentence_seg>false</sentence_seg><support_default_translations>true</support_default_translations>
<remove_tags>false</remove_tags></project></omegat>
XML
    { printf '\xef\xbb\xbf'; cut -f1 pairs | sed 's/$/\n/'; } > "$project/source/text.txt"
    timeout 300 java -Djava.awt.headless=true -Duser.home="$work" -jar /usr/share/omegat/OmegaT.jar "$project" \
        --mode=console-translate --config-dir="$work/config-$1" --no-team > "$work/log-$1" 2>&1 || true
    cut -f2 pairs | while IFS= read -r wanted; do
        if ! grep -qF -- "$wanted" "$project/target/text.txt"; then
            echo "FAIL OmegaT $1 to $2 did not find: $wanted"
            exit 1
        fi
    done
    echo "PASS OmegaT $1 to $2: $(wc -l < pairs) exact matches"
}
# Texts that occur once on either side, so that the match is not in doubt.
awk -F'\t' '{s[$3]++; t[$4]++; l[NR]=$3 "\t" $4; a[NR]=$3; b[NR]=$4}
    END {for (k=1;k<=NR;k++) if (s[a[k]]==1 && t[b[k]]==1 && l[k] !~ /\\/) print l[k]}' units.tsv | sed -n '5,24p' > both
cp both pairs
omegat ZH-CN EN-US
awk -F'\t' '{print $2 "\t" $1}' both > pairs
omegat EN-US ZH-CN
