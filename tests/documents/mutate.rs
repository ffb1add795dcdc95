//! Documents that are broken on purpose, the same way for the same seed.
#![allow(dead_code, clippy::unwrap_used)]

use super::fixtures::{Pack, pack};
use std::io::{Cursor, Read as _};

/// Pseudo-random numbers (xorshift64*, Vigna 2016).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// Below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() >> 16) as usize % n.max(1)
    }
}

/// Bytes that formats and encodings care about.
const SPICE: [&[u8]; 30] = [
    b"<",
    b">",
    b"&",
    b"/>",
    b"</",
    b"\0",
    b"\xFF",
    b"\xFF\xFE",
    b"\"",
    b"&#0;",
    b"&#x110000;",
    b"&x;",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"<!DOCTYPE x [<!ENTITY a \"b\">]>",
    b"\n",
    b"\r",
    b"-1",
    b"4294967295",
    b"99999999999999999999",
    b"%1%2%3",
    b"PK\x05\x06",
    b"PK\x01\x02",
    b"endobj",
    b"stream",
    b"\xE4\xB8",
    b"\xC2\xAD",
    b" --> ",
    b"{\\an8}",
];

/// What counts, sizes and numbers of items break at.
const NUMBERS: [&str; 12] = [
    "0",
    "-1",
    "255",
    "65536",
    "1048577",
    "2147483647",
    "2147483648",
    "4294967295",
    "9223372036854775807",
    "18446744073709551616",
    "1e308",
    "0.000001",
];

/// A broken document grows by no more than this, so that "small input" stays true.
const MOST_REPEATED: usize = 32 << 10;

/// Breaks bytes in one to eight places.
pub fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..1 + random.below(8) {
        let length = bytes.len();
        let at = random.below(length + 1);
        match random.below(13) {
            // Another number in the place of one.
            9 | 10 => {
                let from = (at..length).find(|&i| bytes[i].is_ascii_digit());
                if let Some(from) = from {
                    let digits = bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
                    let number = NUMBERS[random.below(NUMBERS.len())];
                    bytes.splice(from..from + digits, number.bytes());
                }
            }
            // A piece thousands of times: deep nesting, long lines, long lists.
            11 if random.below(3) == 0 => {
                let end = (at + 1 + random.below(48)).min(length);
                let piece = bytes[at..end].to_vec();
                let most = MOST_REPEATED / piece.len().max(1);
                let copies = piece.repeat(1 + random.below(most));
                bytes.splice(at..at, copies);
            }
            // A tag thousands of times, or one attribute for another.
            12 => {
                let marks = |mark: u8, bytes: &[u8]| -> Vec<usize> {
                    bytes.iter().enumerate().filter(|(_, b)| **b == mark).map(|(i, _)| i).collect()
                };
                if random.below(3) == 0 {
                    let open = marks(b'<', bytes);
                    let Some(&from) = open.get(random.below(open.len())) else { continue };
                    let Some(tag) = bytes[from..].iter().position(|b| *b == b'>').map(|n| n + 1) else {
                        continue;
                    };
                    let piece = bytes[from..from + tag.min(256)].to_vec();
                    let copies = piece.repeat(1 + random.below(MOST_REPEATED / piece.len()));
                    bytes.splice(from..from, copies);
                } else {
                    let quotes = marks(b'"', bytes);
                    if quotes.len() < 4 {
                        continue;
                    }
                    let (a, b) = (random.below(quotes.len() / 2), random.below(quotes.len() / 2));
                    let piece = bytes[quotes[2 * a]..quotes[2 * a + 1]].to_vec();
                    bytes.splice(quotes[2 * b]..quotes[2 * b + 1], piece);
                }
            }
            0 if at < length => bytes[at] = random.next() as u8,
            1 if at < length => bytes[at] ^= 1 << random.below(8),
            2 => {
                let spice = SPICE[random.below(SPICE.len())];
                bytes.splice(at..at, spice.iter().copied());
            }
            3 => {
                let spice = SPICE[random.below(SPICE.len())];
                let end = (at + spice.len()).min(length);
                bytes.splice(at..end, spice.iter().copied());
            }
            4 => {
                let end = (at + random.below(64)).min(length);
                bytes.drain(at..end);
            }
            5 => {
                let end = (at + random.below(256)).min(length);
                let piece = bytes[at..end].to_vec();
                let to = random.below(length + 1);
                bytes.splice(to..to, piece);
            }
            // Between the tags of XML, so that elements stand where they do not belong.
            6 | 7 => {
                let tags: Vec<usize> =
                    bytes.iter().enumerate().filter(|(_, b)| **b == b'<').map(|(i, _)| i).collect();
                if tags.len() > 2 {
                    let from = random.below(tags.len() - 1);
                    let to = (from + 1 + random.below(6)).min(tags.len() - 1);
                    let piece = bytes[tags[from]..tags[to]].to_vec();
                    let place = tags[random.below(tags.len())];
                    if random.below(2) == 0 {
                        bytes.drain(tags[from]..tags[to]);
                    }
                    let place = place.min(bytes.len());
                    bytes.splice(place..place, piece);
                }
            }
            _ if random.below(8) == 0 => bytes.truncate(at),
            _ => {}
        }
    }
}

/// The parts of an archive, or nothing if it is none.
pub fn parts(bytes: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut parts = Vec::new();
    for i in 0..zip.len() {
        let mut part = zip.by_index(i).ok()?;
        let mut content = Vec::new();
        part.read_to_end(&mut content).ok()?;
        parts.push((part.name().to_string(), content));
    }
    Some(parts)
}

/// A broken copy of a document. Of a container, mostly parts are broken and the container is whole. `others` are
/// parts of other documents of the same kind, pieces of which may be mixed in.
pub fn broken(how: Pack, parts: &[(String, Vec<u8>)], others: &[&[u8]], random: &mut Random) -> Vec<u8> {
    if how != Pack::Plain && random.below(4) == 0 {
        let mut bytes = pack(how, parts);
        mutate(&mut bytes, random);
        return bytes;
    }
    let mut parts = parts.to_vec();
    for _ in 0..1 + random.below(2) {
        let readable: Vec<usize> = (0..parts.len())
            .filter(|&i| !parts[i].0.ends_with(".jpeg") && !parts[i].0.ends_with(".png"))
            .collect();
        let Some(&i) = readable.get(random.below(readable.len())) else { break };
        mutate(&mut parts[i].1, random);
        if let Some(other) = others.get(random.below(others.len().max(1) * 8)) {
            let from = random.below(other.len() + 1);
            let piece = &other[from..(from + random.below(512)).min(other.len())];
            let at = random.below(parts[i].1.len() + 1);
            parts[i].1.splice(at..at, piece.iter().copied());
        }
    }
    pack(how, &parts)
}
