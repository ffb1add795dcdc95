//! Bytes into text: which encoding a file is in, and its decoding without a single guessed character.
//!
//! A byte-order mark, valid UTF-8 and the NUL pattern of UTF-16 are facts; GB18030, Big5 and Windows-1252 are
//! judged by what the decoded text looks like. What cannot be decoded is an error with its line, never a
//! replacement character. This module does not know languages beyond "looks like Chinese".

use crate::error::{Error, ErrorKind, Result};
use encoding_rs::{BIG5, DecoderResult, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// A decoded file.
#[derive(Debug)]
pub(super) struct Decoded {
    /// The text without byte-order mark.
    pub text: String,
    /// The encoding's WHATWG name.
    pub encoding: &'static str,
    /// What the user should hear: the encoding was guessed.
    pub notice: Option<String>,
}

const NAME_IT: &str = "name the encoding with --encoding (utf-8, gb18030, big5, utf-16le, utf-16be)";

/// Decodes a file. `label` is a WHATWG label that overrides every guess.
pub(super) fn decode(bytes: &[u8], label: Option<&str>) -> Result<Decoded> {
    if let Some(label) = label {
        let encoding = Encoding::for_label(label.trim().as_bytes()).ok_or_else(|| {
            Error::usage(format!("unknown encoding {label:?}"))
                .advise("use utf-8, gb18030, gbk, big5, utf-16le, utf-16be or another WHATWG label")
        })?;
        let encoding = if encoding == GBK { GB18030 } else { encoding };
        let body = match Encoding::for_bom(bytes) {
            Some((found, length)) if found == encoding => &bytes[length..],
            _ => bytes,
        };
        let text = decode_strictly(body, encoding).map_err(|line| {
            encoding_error(format!("the bytes are not {}", encoding.name()))
                .at_line(line)
                .advise("leave --encoding out to have the encoding detected, or name another one")
        })?;
        return Ok(Decoded { text, encoding: encoding.name(), notice: None });
    }
    refuse_binary(bytes)?;
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        let text = decode_strictly(&bytes[length..], encoding).map_err(|line| {
            encoding_error(format!("the byte-order mark says {}, but the bytes are not", encoding.name()))
                .at_line(line)
                .advise(format!("repair the file, or {NAME_IT}"))
        })?;
        return Ok(Decoded { text, encoding: encoding.name(), notice: None });
    }
    let utf8 = std::str::from_utf8(bytes);
    // English in UTF-16 is valid UTF-8 with a NUL at every other byte; Chinese in UTF-16 is no valid UTF-8.
    let many_nul = bytes.iter().take(SAMPLE).filter(|&&b| b == 0).count() * 4 > bytes.len().min(SAMPLE);
    if let Some(encoding) = utf16_by_nul(bytes).filter(|_| utf8.is_err() || many_nul)
        && let Ok(text) = decode_strictly(bytes, encoding)
    {
        return Ok(guessed(text, encoding, "it has no byte-order mark"));
    }
    let utf8 = match utf8 {
        Ok(text) => {
            refuse_control_characters(bytes)?;
            return Ok(Decoded { text: text.to_string(), encoding: UTF_8.name(), notice: None });
        }
        Err(error) => error,
    };
    if nearly_utf8(bytes) {
        let line = 1 + bytes[..utf8.valid_up_to()].iter().filter(|&&b| b == b'\n').count();
        return Err(encoding_error("the file is UTF-8 but for a few bytes that are not text".to_string())
            .at_line(line)
            .advise(format!("repair that line, or {NAME_IT}")));
    }
    refuse_control_characters(bytes)?;
    guess_legacy(bytes)
}

/// Whether a label names an encoding that most bytes are wrong in, so that text decodes in it hardly by chance.
pub(super) fn is_multi_byte(label: &str) -> bool {
    Encoding::for_label(label.trim().as_bytes()).is_some_and(|e| !e.is_single_byte())
}

/// Whether a label names this encoding, GBK and GB18030 being one.
pub(super) fn is_same(label: &str, name: &str) -> bool {
    let encoding = Encoding::for_label(label.trim().as_bytes());
    encoding.is_some_and(|e| (if e == GBK { GB18030 } else { e }).name() == name)
}

fn guessed(text: String, encoding: &'static Encoding, why: &str) -> Decoded {
    let name = encoding.name();
    let notice = format!("read as {name} ({why}); name the encoding with --encoding if that is wrong");
    Decoded { text, encoding: name, notice: Some(notice) }
}

fn encoding_error(what: String) -> Error {
    Error::new(ErrorKind::Encoding(what))
}

/// The text, or the line (1-based) with the first bytes that cannot be decoded.
fn decode_strictly(bytes: &[u8], encoding: &'static Encoding) -> std::result::Result<String, usize> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let length = decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(bytes.len());
    // The worst case is three bytes of UTF-8 a byte of input; what real text needs is half of that.
    let mut text = String::with_capacity((bytes.len() + bytes.len() / 2 + 16).min(length));
    let mut rest = bytes;
    loop {
        let (result, read) = decoder.decode_to_string_without_replacement(rest, &mut text, true);
        rest = &rest[read..];
        match result {
            DecoderResult::InputEmpty => return Ok(text),
            DecoderResult::OutputFull => text.reserve(rest.len() * 2 + 16),
            DecoderResult::Malformed(..) => return Err(1 + text.bytes().filter(|&b| b == b'\n').count()),
        }
    }
}

/// How files that are no text begin, what they are, and what to do with them.
const MAGIC: &[(&[u8], &str, &str)] = &[
    (b"%PDF-", "a PDF", "extract its text first, for example with pdftotext"),
    (b"PK\x03\x04", "a ZIP archive or an Office document", "save it as plain text (UTF-8) first"),
    (b"\xD0\xCF\x11\xE0", "an old Office document", "save it as plain text (UTF-8) first"),
    (b"{\\rtf", "a rich text document", "save it as plain text (UTF-8) first"),
    (b"\x1F\x8B", "a gzip archive", "unpack it first"),
    (b"BZh", "a bzip2 archive", "unpack it first"),
    (b"\xFD7zXZ\0", "an xz archive", "unpack it first"),
    (b"7z\xBC\xAF\x27\x1C", "a 7z archive", "unpack it first"),
    (b"Rar!", "a RAR archive", "unpack it first"),
    (b"\x89PNG", "an image", "recognise its text (OCR) first"),
    (b"\xFF\xD8\xFF", "an image", "recognise its text (OCR) first"),
    (b"GIF8", "an image", "recognise its text (OCR) first"),
    (b"II*\0", "an image", "recognise its text (OCR) first"),
    (b"MM\0*", "an image", "recognise its text (OCR) first"),
    (b"\x7FELF", "a program", "give a text file"),
    (b"SQLite format 3\0", "a database", "export its text first"),
    (b"\xFF\xFE\0\0", "UTF-32 text", "save it as UTF-8 first"),
    (b"\0\0\xFE\xFF", "UTF-32 text", "save it as UTF-8 first"),
];

fn refuse_binary(bytes: &[u8]) -> Result<()> {
    match MAGIC.iter().find(|(magic, ..)| bytes.starts_with(magic)) {
        Some((_, what, advice)) => Err(Error::malformed(format!("this is {what}, not text")).advise(*advice)),
        None => Ok(()),
    }
}

/// More control characters than this share of the bytes make a file binary. Chosen, not measured: high enough for
/// the odd bullets of text extracted from PDFs.
const MOST_CONTROLS: f64 = 0.05;

/// A file is sampled up to this length where a sample tells as much as the whole.
const SAMPLE: usize = 1 << 20;

fn refuse_control_characters(bytes: &[u8]) -> Result<()> {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let is_odd = |b: u8| (b < 0x20 && !matches!(b, b'\t' | b'\n' | 0x0B | 0x0C | b'\r')) || b == 0x7F;
    let odd = sample.iter().filter(|&&b| is_odd(b)).count();
    if odd > 4 && odd as f64 > MOST_CONTROLS * sample.len() as f64 {
        let line = 1 + bytes.iter().take_while(|&&b| !is_odd(b)).filter(|&&b| b == b'\n').count();
        return Err(Error::malformed("this is not text: it is full of control characters")
            .at_line(line)
            .advise("give a text file, or save the document as plain text first"));
    }
    Ok(())
}

/// UTF-16 by its NUL bytes: in English half of the bytes, in Chinese those of line ends, spaces and digits, and
/// always on one side of the byte pair. A share of 2 % is what Chinese with a line end every 25 characters has;
/// nine in ten on one side leaves room for characters such as U+4E00 whose other byte is NUL.
fn utf16_by_nul(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(SAMPLE) & !1];
    let even = sample.iter().step_by(2).filter(|&&b| b == 0).count();
    let odd = sample.iter().skip(1).step_by(2).filter(|&&b| b == 0).count();
    let nul = even + odd;
    if !bytes.len().is_multiple_of(2) || nul == 0 || nul * 50 < sample.len() {
        return None;
    }
    let encoding = match (even, odd) {
        (e, o) if o >= 9 * e => UTF_16LE,
        (e, o) if e >= 9 * o => UTF_16BE,
        _ => return None,
    };
    // A few stray NUL bytes in UTF-8 text make no UTF-16: then the decoded text is rubbish.
    let text = decode_strictly(sample, encoding).ok()?;
    let readable =
        text.chars().filter(|&c| c.is_ascii_graphic() || c.is_whitespace() || is_han(c) || is_cjk_mark(c));
    (readable.count() * 10 >= text.chars().count() * 8).then_some(encoding)
}

/// Whether at least nine in ten of the multi-byte characters are valid UTF-8. In GB18030 or Big5 text hardly any
/// are: their second bytes are seldom in the range that UTF-8 demands.
fn nearly_utf8(bytes: &[u8]) -> bool {
    let mut rest = &bytes[..bytes.len().min(SAMPLE)];
    let (mut valid, mut broken) = (0usize, 0usize);
    loop {
        match std::str::from_utf8(rest) {
            Ok(text) => {
                valid += text.bytes().filter(|b| *b >= 0xC0).count();
                return valid >= 9 * broken.max(1);
            }
            Err(error) => {
                let (good, bad) = rest.split_at(error.valid_up_to());
                valid += good.iter().filter(|b| **b >= 0xC0).count();
                match error.error_len() {
                    Some(length) => {
                        broken += 1;
                        rest = &bad[length..];
                    }
                    // Cut short by the sample's end or the file's.
                    None => return valid >= 9 * broken.max(1),
                }
            }
        }
    }
}

/// GB18030, Big5, UTF-16 without NUL, or Windows-1252: what decodes and reads best. chardetng breaks ties.
fn guess_legacy(bytes: &[u8]) -> Result<Decoded> {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(sample, sample.len() == bytes.len());
    let opinion = detector.guess(None, chardetng::Utf8Detection::Deny);
    let opinion = if opinion == GBK { GB18030 } else { opinion };

    let mut best: Option<(f64, &'static Encoding, String)> = None;
    let mut first_bad_line = 0;
    for encoding in [GB18030, BIG5, UTF_16LE, UTF_16BE, WINDOWS_1252] {
        if (encoding == UTF_16LE || encoding == UTF_16BE) && !bytes.len().is_multiple_of(2) {
            continue;
        }
        match decode_strictly(bytes, encoding) {
            Ok(text) => {
                let bonus = if encoding == opinion { 0.15 } else { 0.0 };
                let score = plausibility(&text, encoding == WINDOWS_1252) + bonus;
                if best.as_ref().is_none_or(|(s, ..)| score > *s) {
                    best = Some((score, encoding, text));
                }
            }
            Err(line) => first_bad_line = first_bad_line.max(line),
        }
    }
    match best {
        Some((score, encoding, text)) if score >= LEAST_PLAUSIBLE => {
            Ok(guessed(text, encoding, "guessed from its bytes"))
        }
        _ => {
            let what = "the bytes are not text in UTF-8, UTF-16, GB18030 or Big5".to_string();
            Err(encoding_error(what)
                .at_line(first_bad_line.max(1))
                .advise(format!("repair the file, or {NAME_IT}")))
        }
    }
}

/// A decoding that scores below this is refused. Chosen so that the short texts of the tests below are read right in
/// GB18030 and Big5; not measured on a larger set.
const LEAST_PLAUSIBLE: f64 = 0.5;

/// How much a decoded text looks like Chinese (or, for Windows-1252, like English with a few curly quotes): 0 to
/// about 1. Frequent characters count full, other Han little, what Chinese text never has counts against it.
fn plausibility(text: &str, western: bool) -> f64 {
    let (mut points, mut outside) = (0.0, 0usize);
    let (mut ascii, mut letters) = (0usize, 0usize);
    for c in text.chars().take(SAMPLE) {
        if c.is_ascii() {
            ascii += 1;
            letters += usize::from(c.is_ascii_alphabetic());
            if c.is_ascii_control() && !c.is_ascii_whitespace() {
                outside += 1;
                points -= 1.0;
            }
            continue;
        }
        outside += 1;
        points += if western {
            match c {
                '‘' | '’' | '“' | '”' | '–' | '—' | '…' | '•' | '£' | '€' | '§' | '°' | '©' | '®' | '™' => {
                    1.0
                }
                '\u{A0}' | 'é' | 'è' | 'ü' | 'ö' | 'ä' | 'ç' | 'ñ' | '½' | '·' => 1.0,
                'À'..='ÿ' => 0.5,
                _ => -1.0,
            }
        } else if FREQUENT.contains(c) || is_cjk_mark(c) {
            1.0
        } else if ('\u{4E00}'..='\u{9FFF}').contains(&c) {
            0.45
        } else if is_han(c) {
            -0.2
        } else if c.is_alphabetic() && !('\u{E000}'..='\u{F8FF}').contains(&c) {
            // Kana, Cyrillic, half-width katakana: seen when Big5 or UTF-16 is read as something else.
            -1.0
        } else {
            -0.5
        };
    }
    if outside == 0 {
        return 1.0;
    }
    // Western text is mostly ASCII letters; where it is not, the high bytes are no accents.
    if western && (letters < 4 * outside || ascii < 6 * outside) {
        return 0.0;
    }
    // Running Chinese has 0.45 + 0.55 × 0.4 = 0.67 by its characters alone.
    (points / outside as f64 * 1.4).min(1.0)
}

fn is_han(c: char) -> bool {
    matches!(c as u32, 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF | 0x3007)
}

fn is_cjk_mark(c: char) -> bool {
    "，。、；：？！“”‘’（）《》〈〉「」『』【】〔〕—…·　％－～／．＋＝０１２３４５６７８９①②③④⑤○●■□※→№"
        .contains(c)
}

/// The most frequent characters of modern Chinese, simplified and traditional: about two in five of any text.
/// Put together from general knowledge of the language, not taken from a counted list; with the
/// traditional forms and some words of official texts.
const FREQUENT: &str = "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里\
用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公\
此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位\
次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场\
這個們來為國說時會對發後過裡經學現當沒動還進樣開從實軍無與長機關點業將兩間問應戰體見產話給員論處義幾認條氣題爾變總電數報結務場\
香港金融年第章及其聯合議委約權據規定請書類種號單價區縣務";

#[cfg(test)]
mod tests {
    use super::*;

    const SIMPLIFIED: &str =
        "我曾于二〇〇七年六月致函阁下，今又有幸提请您注意国际社会的反应。\n请将本信作为大会文件分发为荷。\n";
    const TRADITIONAL: &str =
        "香港金融管理局負責維持貨幣穩定，並促進銀行體系的健全發展。\n本年報載列各項工作的進展。\n";

    fn utf16(text: &str, little: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|u| if little { u.to_le_bytes() } else { u.to_be_bytes() }).collect()
    }

    #[test]
    fn each_encoding_is_recognised() {
        for text in [SIMPLIFIED, TRADITIONAL] {
            let gb = GB18030.encode(text).0.into_owned();
            let decoded = decode(&gb, None).unwrap();
            assert_eq!((decoded.encoding, decoded.text.as_str()), ("gb18030", text));
            assert!(decoded.notice.is_some());
            for little in [true, false] {
                let decoded = decode(&utf16(text, little), None).unwrap();
                assert_eq!(decoded.text, text);
                assert_eq!(decoded.encoding, if little { "UTF-16LE" } else { "UTF-16BE" });
            }
            let decoded = decode(text.as_bytes(), None).unwrap();
            assert_eq!((decoded.encoding, decoded.notice), ("UTF-8", None));
        }
        let big5 = BIG5.encode(TRADITIONAL).0.into_owned();
        let decoded = decode(&big5, None).unwrap();
        assert_eq!((decoded.encoding, decoded.text.as_str()), ("Big5", TRADITIONAL));
    }

    #[test]
    fn short_texts_are_recognised() {
        for text in ["中国人民", "你好，世界！", "合同", "第一章　总则", "2007年7月20日", "甲方：北京公司"]
        {
            let gb = GB18030.encode(text).0.into_owned();
            assert_eq!(decode(&gb, None).unwrap().text, text);
        }
        for text in ["香港特別行政區政府", "你好，世界！", "年報", "第一章　總則", "2007年7月20日"]
        {
            let big5 = BIG5.encode(text).0.into_owned();
            assert_eq!(decode(&big5, None).unwrap().text, text);
        }
    }

    #[test]
    fn western_quotes_are_not_chinese() {
        let bytes =
            b"The Parties\x92 obligations \x96 set out in \x93Annex 1\x94 \x96 remain in force.\n".to_vec();
        let decoded = decode(&bytes, None).unwrap();
        assert_eq!(decoded.encoding, "windows-1252");
        assert!(decoded.text.starts_with("The Parties’ obligations – set"));
    }

    #[test]
    fn a_byte_order_mark_decides() {
        let mut bytes = b"\xEF\xBB\xBF".to_vec();
        bytes.extend(SIMPLIFIED.as_bytes());
        assert_eq!(decode(&bytes, None).unwrap().text, SIMPLIFIED);
        let mut bytes = vec![0xFF, 0xFE];
        bytes.extend(utf16("Hello\n", true));
        assert_eq!(decode(&bytes, None).unwrap().text, "Hello\n");
    }

    #[test]
    fn broken_utf8_names_the_line() {
        let mut bytes = SIMPLIFIED.as_bytes().to_vec();
        bytes.extend(b"abc \xFF def\n");
        let error = decode(&bytes, None).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Encoding(_)));
        assert!(error.to_string().contains("line 3"), "{error}");
        assert!(error.to_string().contains("--encoding"));
    }

    #[test]
    fn a_wrong_label_is_an_error_with_the_line() {
        let gb = GB18030.encode(SIMPLIFIED).0.into_owned();
        let error = decode(&gb, Some("utf-8")).unwrap_err();
        assert!(error.to_string().contains("line 1"), "{error}");
        assert!(matches!(decode(b"x", Some("klingon")).unwrap_err().kind(), ErrorKind::Usage(_)));
    }

    #[test]
    fn binary_files_are_refused_with_advice() {
        for bytes in [&b"%PDF-1.4\n"[..], b"PK\x03\x04\x14\0", b"\x89PNG\r\n", b"\x7FELF\x01\x02\x03"] {
            let error = decode(bytes, None).unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Malformed(_)));
            assert!(error.to_string().contains(';'), "{error} gives no advice");
        }
        let noise: Vec<u8> = (0..4096u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        assert!(decode(&noise, None).is_err());
    }

    #[test]
    fn stray_nul_bytes_in_utf8_do_not_make_utf16() {
        let text = format!("A letter\0 of some\0 length.\n{SIMPLIFIED}");
        assert_eq!(decode(text.as_bytes(), None).unwrap().text, text);
    }
}
