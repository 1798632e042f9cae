//! What is written to standard error: lines for people, coloured on a terminal, or objects for programs.

use std::fmt::{self, Write as _};
use std::io::IsTerminal;

use fp_mock::clock::machine_now;
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

use super::arguments::LogFormat;

/// Where scenarios say how far they are.
const PROGRESS: &str = "fp_mock::progress";

pub(super) const RED: &str = "\x1b[31m";
pub(super) const GREEN: &str = "\x1b[32m";
pub(super) const YELLOW: &str = "\x1b[33m";
pub(super) const CYAN: &str = "\x1b[36m";
pub(super) const DIM: &str = "\x1b[2m";
pub(super) const PLAIN: &str = "\x1b[0m";

/// Lets log lines be written from now on.
pub fn start(format: LogFormat, verbose: u8) {
    let level = match verbose {
        0 => Level::INFO,
        1 => Level::DEBUG,
        _ => Level::TRACE,
    };
    // What libraries have to say is of interest only to whoever wants everything.
    let others = if verbose > 1 { Level::TRACE } else { Level::WARN };
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).event_format(Lines { format });
    let wanted = Targets::new().with_default(others).with_target("fp_mock", level);
    tracing_subscriber::registry().with(lines.with_ansi(is_coloured())).with(wanted).init();
}

/// Whether colours would be seen: on a terminal, unless `NO_COLOR` is set.
pub fn is_coloured() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

struct Lines {
    format: LogFormat,
}

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let level = *event.metadata().level();
        let line = match self.format {
            LogFormat::Json => object(level, event.metadata().target(), fields.0),
            LogFormat::Text if event.metadata().target() == PROGRESS => {
                let shown = progress(&fields.0, writer.has_ansi_escapes());
                return writer.write_str(&shown);
            }
            LogFormat::Text => sentence(level, &fields.0, writer.has_ansi_escapes()),
        };
        writeln!(writer, "{line}")
    }
}

/// The fields of an event by name.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

fn object(level: Level, target: &str, fields: Map<String, Value>) -> String {
    let mut line = Map::new();
    line.insert("timestamp".into(), machine_now().to_string().into());
    line.insert("level".into(), level.as_str().to_lowercase().into());
    line.insert("logger".into(), target.into());
    line.extend(fields);
    Value::Object(line).to_string()
}

fn painted(text: &str, colour: &str, coloured: bool) -> String {
    if coloured { format!("{colour}{text}{PLAIN}") } else { text.to_owned() }
}

/// A line that is written over until all is done; only where that can be seen.
fn progress(fields: &Map<String, Value>, seen: bool) -> String {
    let percent = fields.get("percent").and_then(Value::as_i64).unwrap_or_default();
    let message = fields.get("message").and_then(Value::as_str).unwrap_or_default();
    match (seen, percent) {
        (false, _) => String::new(),
        (true, 100..) => "\r\x1b[K".to_owned(),
        (true, _) => format!("\r\x1b[K{message}  {percent} %"),
    }
}

/// The message, then what else is known: `the scenario was read again accounts=2`.
fn sentence(level: Level, fields: &Map<String, Value>, coloured: bool) -> String {
    let colour = match level {
        Level::ERROR => RED,
        Level::WARN => YELLOW,
        _ => DIM,
    };
    let mut line = String::new();
    if level <= Level::WARN {
        line += &painted(&format!("{}: ", level.as_str().to_lowercase()), colour, coloured);
    }
    line += fields.get("message").and_then(Value::as_str).unwrap_or_default();
    for (name, value) in fields.iter().filter(|(name, _)| *name != "message") {
        // Writing into a text cannot fail.
        let _ = match value {
            Value::String(text) => write!(line, " {name}={text}"),
            other => write!(line, " {name}={other}"),
        };
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fields(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn progress_is_one_line_written_over_until_it_goes_and_for_terminals_alone() {
        let at = |percent: u8| fields(json!({ "message": "building the scenario", "percent": percent }));
        assert_eq!(progress(&at(40), true), "\r\x1b[Kbuilding the scenario  40 %");
        assert_eq!(progress(&at(100), true), "\r\x1b[K");
        assert_eq!(progress(&at(40), false), "");
    }

    #[test]
    fn a_sentence_names_its_level_when_something_is_wrong() {
        let said = fields(json!({ "message": "something broke", "at": "here", "times": 2 }));
        assert_eq!(sentence(Level::ERROR, &said, false), "error: something broke at=here times=2");
        assert_eq!(sentence(Level::INFO, &said, false), "something broke at=here times=2");
    }
}
