//! The `[check]` table of `duizhao.toml`.

use crate::error::{Error, Result};
use crate::model::Severity;

/// What a configuration file says; what it does not say is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    /// `rules = ["number"]`: only these, by the names that the file gives them.
    pub rules: Vec<String>,
    /// `no-rules = ["negation"]`: all but these.
    pub no_rules: Vec<String>,
    /// `ignore = ["judged.txt"]`: ignore files, relative to the configuration file.
    pub ignore: Vec<String>,
    /// `fail-on = "error"`; `Some(None)` is `"never"`.
    pub fail_on: Option<Option<Severity>>,
}

impl Config {
    /// Reads a configuration file's text. Other tables than `[check]` are none of ours.
    ///
    /// # Errors
    /// Text that is no TOML, unknown keys, values of the wrong type.
    pub fn parse(text: &str) -> Result<Config> {
        let table: toml::Table = text
            .parse()
            .map_err(|e: toml::de::Error| Error::malformed(format!("no TOML: {}", e.message().trim())))?;
        let mut config = Config::default();
        let Some(check) = table.get("check") else { return Ok(config) };
        let check = check.as_table().ok_or_else(|| Error::malformed("check is no table"))?;
        for (key, value) in check {
            let list = || -> Result<Vec<String>> {
                let wrong = || Error::malformed(format!("check.{key} is no list of strings"));
                let items = value.as_array().ok_or_else(wrong)?;
                items.iter().map(|v| v.as_str().map(str::to_string).ok_or_else(wrong)).collect()
            };
            match key.as_str() {
                "rules" => config.rules = list()?,
                "no-rules" => config.no_rules = list()?,
                "ignore" => config.ignore = list()?,
                "fail-on" => config.fail_on = Some(fail_on(value.as_str().unwrap_or(""))?),
                _ => {
                    return Err(Error::malformed(format!("unknown key check.{key}"))
                        .advise("use rules, no-rules, ignore or fail-on"));
                }
            }
        }
        Ok(config)
    }
}

/// `error`, `warning`, `info` or `never`.
///
/// # Errors
/// Any other word.
pub fn fail_on(word: &str) -> Result<Option<Severity>> {
    match word {
        "never" => Ok(None),
        _ => word.parse().map(Some).map_err(|_| {
            Error::usage(format!("unknown fail-on {word:?}")).advise("use error, warning, info or never")
        }),
    }
}
