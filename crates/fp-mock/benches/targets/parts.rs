//! Parts of a measurement, to be picked by name.

use super::machine;
use super::table::Table;

/// A part and its name.
pub type Part = (&'static str, fn(&mut Table));

/// Measures the parts that are named among these words, or all if none is named, and prints a table.
pub fn run(parts: &[Part], words: &[&str]) {
    let names: Vec<&str> = words.iter().copied().filter(|word| !word.starts_with("--")).collect();
    let is_wanted = |name: &str| names.is_empty() || names.contains(&name);
    let wanted: Vec<&Part> = parts.iter().filter(|(name, _)| is_wanted(name)).collect();
    if wanted.is_empty() {
        return;
    }
    let mut table = Table::default();
    table.say(&format!("{}\n", machine::description()));
    wanted.iter().for_each(|(_, measure)| measure(&mut table));
    table.print();
}
