//! Chinese-English word pairs: the built-in lexicon, the user's, and what was learned from the pair itself.

/// Word pairs with weights, and the word frequencies behind them.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {}

impl Lexicon {
    /// The lexicon that comes with duizhao. Ready in milliseconds.
    pub fn built_in() -> Lexicon {
        Lexicon::default()
    }

    /// Adds a pair of the user's; it has the greatest strength.
    pub fn add_pair(&mut self, zh: &str, en: &str) {
        let _ = (zh, en);
    }
}
