//! The text format of Prometheus, version 0.0.4.

use std::fmt::{Display, Write as _};

use super::{description::Description, series::Series};

/// A page that is written, family by family.
#[derive(Debug, Default)]
pub(super) struct Page {
    text: String,
    name: &'static str,
    labels: &'static [&'static str],
    /// The values of the first labels.
    values: Vec<String>,
}

impl Page {
    pub(super) fn family(&mut self, description: &'static Description, series: &impl Series) {
        self.begin(description);
        series.write(self);
    }

    /// A number that goes up and down, unless it is not known.
    pub(super) fn gauge(&mut self, description: &'static Description, value: Option<impl Display>) {
        self.begin(description);
        if let Some(value) = value {
            self.sample("", None, value);
        }
    }

    /// What is running: a sample that is always one.
    pub(super) fn build_info(&mut self, description: &'static Description, app: &str, version: &str) {
        self.begin(description);
        self.values.extend([app, version].map(escaped));
        self.sample("", None, 1);
        self.values.clear();
    }

    /// Writes what stands under a value of the next label.
    pub(super) fn under(&mut self, value: &str, series: &impl Series) {
        self.values.push(escaped(value));
        series.write(self);
        self.values.pop();
    }

    /// One line. `bound` is that of a bucket.
    pub(super) fn sample(&mut self, ending: &str, bound: Option<&str>, value: impl Display) {
        self.text.push_str(self.name);
        self.text.push_str(ending);
        let bound = bound.map(|bound| ("le", bound));
        let labels = self.labels.iter().copied().zip(self.values.iter().map(String::as_str)).chain(bound);
        for (number, (label, value)) in labels.enumerate() {
            let before = if number == 0 { '{' } else { ',' };
            let _ = write!(self.text, "{before}{label}=\"{value}\"");
        }
        let closed = if self.values.is_empty() && bound.is_none() { "" } else { "}" };
        let _ = writeln!(self.text, "{closed} {value}");
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    fn begin(&mut self, description: &'static Description) {
        let Description { name, kind, labels, help } = *description;
        let _ = writeln!(self.text, "# HELP {name} {help}\n# TYPE {name} {}", kind.word());
        (self.name, self.labels) = (name, labels);
    }
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
