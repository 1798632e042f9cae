//! What texts have in common.

use super::needle::Needle;

/// Lines that are looked at.
const LINES: usize = 2;

/// How the first lines of all of some texts begin: where texts are made alike, a part of that need not be looked for in
/// each. What was in common with texts that went out may be more by now.
#[derive(Clone, Debug, Default)]
pub struct Common {
    /// Of each line; none before there is a text.
    begins: Option<[String; LINES]>,
}

impl Common {
    /// Takes note of a text.
    pub fn add(&mut self, text: &str) {
        let mut lines = text.split('\n');
        let lines = [(); LINES].map(|()| lines.next().unwrap_or_default());
        match &mut self.begins {
            None => self.begins = Some(lines.map(str::to_owned)),
            Some(begins) => begins.iter_mut().zip(lines).for_each(|(begin, line)| shorten(begin, line)),
        }
    }

    /// A number of what is read first.
    pub fn first_read(&self) -> usize {
        let first = |begin: &String| begin.as_bytes().first().copied().map_or(0, usize::from);
        self.begins.iter().flatten().map(first).sum()
    }

    /// Whether all texts hold a needle for sure.
    pub fn holds(&self, needle: &Needle<'_>) -> bool {
        self.begins.iter().flatten().any(|begin| needle.find(begin.as_bytes()).is_some())
    }
}

/// Leaves of a begin what a line begins with, too.
fn shorten(begin: &mut String, line: &str) {
    let alike = begin.chars().zip(line.chars()).take_while(|(one, other)| one == other);
    let length = alike.map(|(one, _)| one.len_utf8()).sum();
    begin.truncate(length);
}
