//! Where reports go.

use std::path::PathBuf;
use std::str::FromStr;

use anyhow::Context as _;
use fp_contract::nearest;
use fp_harness::report::{Form, Report};
use fp_harness::target::Target;

/// A form of the report and the file it goes to; without one, standard output.
#[derive(Clone, Debug)]
pub struct Output {
    form: Form,
    file: Option<PathBuf>,
}

impl Output {
    /// What is told when nothing else was asked for.
    pub const TEXT: Self = Self { form: Form::Text, file: None };

    /// Writes the report. Whatever it says, no key of the target is in it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, report: &Report, target: &Target) -> anyhow::Result<()> {
        let text = target.without_keys(&report.render(self.form));
        match &self.file {
            None => super::show(&text),
            Some(file) => {
                std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
            }
        }
    }
}

impl FromStr for Output {
    type Err = String;

    /// Reads `FORMAT[=FILE]`.
    fn from_str(text: &str) -> Result<Self, String> {
        let (name, file) = text.split_once('=').map_or((text, None), |(name, file)| (name, Some(file)));
        let names = || Form::ALL.iter().map(|(name, _)| *name);
        match Form::ALL.iter().find(|(known, _)| *known == name) {
            Some((_, form)) => Ok(Self { form: *form, file: file.map(PathBuf::from) }),
            None => {
                let meant = nearest(name, names()).map(|meant| format!(", did you mean {meant}?"));
                let all: Vec<&str> = names().collect();
                Err(format!(
                    "expected one of {}, found {name:?}{}",
                    all.join(", "),
                    meant.unwrap_or_default()
                ))
            }
        }
    }
}
