//! Who may ask: this page, from this machine, with the token. Everything else is refused before it is read.

use crate::error::{Error, Result};

/// What must be right about a request.
#[derive(Debug, Clone)]
pub(super) struct Guard {
    token: String,
    port: u16,
}

/// The parts of a request that the guard looks at.
pub(super) struct Asked<'a> {
    /// The path with its query.
    pub url: &'a str,
    /// Whether it may change something.
    pub changes: bool,
    /// All headers of these names; two of one name are wrong.
    pub host: Vec<&'a str>,
    pub origin: Vec<&'a str>,
    pub token: Vec<&'a str>,
    pub fetch_site: Vec<&'a str>,
}

impl Guard {
    /// A new token of 256 random bits from the operating system.
    pub fn new(port: u16) -> Result<Guard> {
        let mut bytes = [0u8; 32];
        getrandom::fill(&mut bytes)
            .map_err(|e| Error::usage(format!("the system gives no random numbers: {e}")))?;
        Ok(Guard { token: bytes.iter().map(|b| format!("{b:02x}")).collect(), port })
    }

    /// Where the page is.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/{}/", self.port, self.token)
    }

    /// The path behind the token, or the status with which to refuse.
    pub fn admit<'a>(&self, asked: &Asked<'a>) -> std::result::Result<&'a str, u16> {
        let hosts = [format!("127.0.0.1:{}", self.port), format!("localhost:{}", self.port)];
        // Another name means that somebody else's name was made to point here (DNS rebinding).
        let [host] = asked.host.as_slice() else { return Err(403) };
        if !hosts.iter().any(|h| h == host) {
            return Err(403);
        }
        for origin in &asked.origin {
            if !hosts.iter().any(|h| origin.strip_prefix("http://") == Some(h)) {
                return Err(403);
            }
        }
        if asked.fetch_site.iter().any(|s| *s != "same-origin" && *s != "none") {
            return Err(403);
        }
        let rest = asked.url.strip_prefix('/').ok_or(403u16)?;
        let (token, path) = rest.split_once('/').ok_or(403u16)?;
        if !same(token, &self.token) {
            return Err(403);
        }
        if asked.changes {
            // A header of our own: no form and no script of another site can send it.
            let [token] = asked.token.as_slice() else { return Err(403) };
            if !same(token, &self.token) || asked.origin.is_empty() {
                return Err(403);
            }
        }
        Ok(path)
    }
}

/// Compares without telling by time how much is right.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |d, (x, y)| d | (x ^ y)) == 0
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_long_and_never_the_same() {
        let (a, b) = (Guard::new(1).unwrap(), Guard::new(1).unwrap());
        assert_eq!(a.token.len(), 64);
        assert_ne!(a.token, b.token);
        assert!(same("ab", "ab") && !same("ab", "ac") && !same("ab", "abc"));
    }
}
