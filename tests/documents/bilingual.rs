//! Small bilingual files and rules of every kind that is read.
#![allow(dead_code, clippy::unwrap_used)]

use super::fixtures::{Fixture, Pack};
use duizhao::format::{Format, WriteOptions, read, write};

/// A memory with all that a unit may have.
const MEMORY: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header creationtool="x" creationtoolversion="1" segtype="sentence" o-tmf="x" adminlang="en" srclang="zh-CN" datatype="plaintext" creationdate="20260101T000000Z"><note>a note</note><prop type="x-a">b</prop></header>
<body><tu tuid="1" changedate="20260102T030405Z" usagecount="3"><note xml:lang="en">n</note><prop type="x-confidence">0.93</prop><tuv xml:lang="zh-CN" creationid="w"><prop type="p">v</prop><seg>他说：<bpt i="1" x="1">&lt;b></bpt>好<ept i="1">&lt;/b></ept><ph>{1}</ph>。</seg></tuv><tuv xml:lang="EN_us"><seg>“<hi>Fine</hi>,” he said &amp; <it pos="begin">&lt;i></it>left<ut>x</ut><sub>s</sub>.</seg></tuv></tu>
<tu><tuv lang="zh"><seg>各国应当停火。</seg></tuv><tuv lang="en"><seg>All countries should cease fire.</seg></tuv><tuv lang="fr"><seg>x</seg></tuv></tu></body></tmx>"#;

const XLIFF_1: &str = r#"<?xml version="1.0" encoding="UTF-8"?><xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file original="a.txt" source-language="zh-CN" target-language="en-US" datatype="plaintext"><header><note>n</note></header><body><group id="g"><trans-unit id="u1" resname="r" approved="yes"><source>一。二。</source><seg-source><mrk mtype="seg" mid="1">一。</mrk> <mrk mtype="seg" mid="2">二。</mrk></seg-source><target state="final"><mrk mtype="seg" mid="1">One.</mrk> <mrk mtype="seg" mid="2">Two <g id="1" ctype="bold">bold<x id="2"/></g>.</mrk></target><alt-trans><target>alt</target></alt-trans><note annotates="source">s</note><context-group><context context-type="x-score">1.5</context></context-group></trans-unit></group><trans-unit id="u2"><source>三<bpt id="1">&lt;b></bpt>四<ept id="1">&lt;/b></ept><ph id="2">%s</ph></source><target state="needs-review-translation">Three <bpt id="1">&lt;b></bpt>four<ept id="1">&lt;/b></ept><ph id="2">%s</ph></target></trans-unit></body></file></xliff>"#;

const XLIFF_2: &str = r#"<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" xmlns:mda="urn:oasis:names:tc:xliff:metadata:2.0" version="2.0" srcLang="zh-CN" trgLang="en-US"><file id="f1"><mda:metadata><mda:metaGroup><mda:meta type="a">b</mda:meta></mda:metaGroup></mda:metadata><notes><note appliesTo="source">n</note></notes><unit id="u1" name="n"><originalData><data id="d1">&lt;b></data><data id="d2">&lt;/b></data></originalData><segment id="s1" state="reviewed"><source>好<pc id="1" dataRefStart="d1" dataRefEnd="d2">的</pc><ph id="2" dataRef="d1"/></source><target>All <pc id="1" dataRefStart="d1" dataRefEnd="d2">right</pc><cp hex="0001"/></target></segment><ignorable><source> </source></ignorable><segment state="translated" subState="duizhao:needs-review"><source>二<sc id="3"/>三<ec startRef="3"/><mrk id="m" type="term">词</mrk><sm id="x"/><em startRef="x"/></source><target>two</target></segment></unit></file></xliff>"#;

const PO: &str = "# translator\nmsgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n\"Language: en_US\\n\"\n\"X-Source-Language: zh-CN\\n\"\n\n#. x-score: 1.5\n#. extracted\n#: a.c:12\n#, fuzzy, c-format\n#| msgid \"before\"\nmsgctxt \"menu\"\nmsgid \"打开\"\n\"文件 %s\\t\\\"好\\\"\"\nmsgstr \"Open the \"\n\"file %s\\x41\\101\"\n\nmsgid \"one\"\nmsgid_plural \"many\"\nmsgstr[0] \"一\"\nmsgstr[1] \"多\"\n\n#~ msgid \"old\"\n#~ msgstr \"旧\"\n";

const SRX: &str = r#"<?xml version="1.0"?><srx xmlns="http://www.lisa.org/srx20" version="2.0"><header segmentsubflows="yes" cascade="yes"><formathandle type="start" include="no"/></header><body><languagerules><languagerule languagerulename="abbreviations"><rule break="no"><beforebreak>\b(?:Mr|No|[A-Z])\.</beforebreak><afterbreak>\h+\p{Nd}</afterbreak></rule><rule break="no"><beforebreak>(?&lt;!ok)\b(?>e\.g|i\.e)\.</beforebreak><afterbreak>\s(?!\p{Upper})</afterbreak></rule></languagerule><languagerule languagerulename="all"><rule break="yes"><beforebreak>[\p{Po}&amp;&amp;[.?!]]+["'\u201D\Q)]\E]*</beforebreak><afterbreak>\s+</afterbreak></rule><rule break="yes"><beforebreak>[。？！]{1,3}[\x{201D}」]?</beforebreak><afterbreak/></rule><rule><beforebreak>\R|\v{2,}</beforebreak><afterbreak>.</afterbreak></rule></languagerule></languagerules><maprules><languagemap languagepattern="EN.*" languagerulename="abbreviations"/><languagemap languagepattern=".*" languagerulename="all"/></maprules></body></srx>"#;

const TBX: &str = r#"<?xml version="1.0"?><tbx type="TBX-Basic" style="dca" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"><tbxHeader><fileDesc><sourceDesc><p>x</p></sourceDesc></fileDesc></tbxHeader><text><body><conceptEntry id="c1"><descrip type="subjectField">law</descrip><langSec xml:lang="zh"><termSec><term>条约</term><termNote type="partOfSpeech">noun</termNote></termSec></langSec><langSec xml:lang="en"><termSec><term>A &amp; B</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote><note>n</note></termSec></langSec></conceptEntry></body></text></tbx>"#;
const TBX_2: &str = r#"<martif type="TBX-Basic" xml:lang="en"><martifHeader/><text><body><termEntry id="1"><langSet xml:lang="zh-TW"><tig><term>條約</term></tig></langSet><langSet xml:lang="en"><ntig><termGrp><term>treaty</term></termGrp></ntig></langSet></termEntry></body></text></martif>"#;

/// All bilingual files, rules and term bases, by reader.
pub fn bilingual() -> Vec<Fixture> {
    fn plain(reader: &'static str, name: &str, bytes: impl Into<Vec<u8>>) -> Fixture {
        Fixture::plain(reader, name, bytes)
    }
    let memory = read(MEMORY.as_bytes(), "a.tmx", Format::Tmx).unwrap();
    let written = |format: Format| {
        let mut out = Vec::new();
        write(&memory, format, &mut out, &WriteOptions::default()).unwrap();
        out
    };
    let wide: Vec<u8> = format!("\u{FEFF}{}", MEMORY.replace("UTF-8", "UTF-16"))
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let packed = vec![("a.tmx".to_string(), MEMORY.as_bytes().to_vec())];
    let table = "source,target,id,score,confidence,status,source-lines,target-lines,moved-to\n\"他说：\"\"好。\"\"\",\"“Fine,”\nhe said.\",x1,3.5,0.91,accepted,1-2,4,\n'=1+2,各国,x2,,,unchecked,,,1\n";
    let rows = "zh\ten\n一\\t二\tone\\ttwo\\n\n三\tthree\\\\\n";
    let lines = concat!(
        r#"{"duizhao":1,"source_lang":"zh-CN","target_lang":"en-US","header":[],"notes":[]}"#,
        "\n",
        r#"{"id":"a","source":[{"text":"好。","block":0,"kind":"paragraph","line":1,"bytes":[0,6]}],"target":[{"text":"Fine.","block":0,"kind":"paragraph","line":1,"bytes":[0,5]}],"score":1.5,"confidence":0.9,"status":"unchecked","moved_to":0}"#,
        "\n"
    );
    vec![
        plain("tmx", "a.tmx", MEMORY),
        plain("tmx", "utf16.tmx", wide),
        plain("tmx", "old.tmx", include_bytes!("../../tmx-samples/good-version-1.1.tmx")),
        plain("tmx", "gb.tmx", include_bytes!("../../tmx-samples/good-gb18030.tmx")),
        plain("tmx", "bomb.tmx", include_bytes!("../../tmx-samples/bad-entity-bomb.tmx")),
        Fixture { reader: "tmx", name: "a.tmx.gz".into(), pack: Pack::Gzip, parts: packed },
        plain("xliff", "a.xlf", XLIFF_1),
        plain("xliff", "b.xliff", XLIFF_2),
        plain("xliff", "c.xlf", written(Format::Xliff)),
        plain("xliff", "d.xliff", written(Format::Xliff2)),
        plain("po", "a.po", PO),
        plain("po", "b.po", written(Format::Po)),
        plain("po", "gbk.po", encoding_rs::GBK.encode(&PO.replace("UTF-8", "GBK")).0.into_owned()),
        plain("table", "a.csv", table),
        plain("table", "semicolon.csv", table.replace(',', ";")),
        plain("table", "b.tsv", rows),
        plain("table", "c.tsv", written(Format::Tsv)),
        plain("jsonl", "a.jsonl", lines),
        plain("jsonl", "b.jsonl", written(Format::Jsonl)),
        plain("jsonl", "a.beads", "[0,1]:[0]\n[2]:[1,2]:0.5\n[]:[3]\n[3]:[]\n"),
        plain("jsonl", "a.ladder", "0\t0\t0.5\n2\t1\t-1\n3\t3\t0\n4\t4\t0\n"),
        plain("srx", "a.srx", SRX),
        plain("terms", "a.tbx", TBX),
        plain("terms", "b.tbx", TBX_2),
        plain("terms", "a.csv", "zh,en,status,note\n条约,treaty,preferred,n\n条约,agreement,forbidden,\n"),
        plain(
            "terms",
            "b.utx",
            "#UTX 1.11; zh/en; 2026-01-01; copyright: x\n#src\ttgt\tsrc:pos\n条约\ttreaty\tnoun\n",
        ),
        plain("terms", "c.tsv", "条约\ttreaty\tn\n"),
    ]
}
