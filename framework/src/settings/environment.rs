//! Where settings are read.

use std::{
    collections::{BTreeSet, HashMap},
    fmt, fs, io,
    path::{Path, PathBuf},
};

use super::SettingProblem;

/// The variables that settings are read from: those of the process first, then those of files.
#[derive(Clone, Default)]
pub struct Environment {
    layers: Vec<HashMap<String, String>>,
    /// The file that a setting is best written to.
    file: Option<PathBuf>,
}

impl Environment {
    /// The variables of the process, then those of `file` if one is named, of `.env.<name>` and of `.env`.
    ///
    /// # Errors
    /// When the named file cannot be read, or a file is malformed.
    pub fn of_process(name: &str, file: Option<&Path>) -> Result<Self, SettingProblem> {
        let Self { mut layers, .. } = Self::of_variables();
        let own = PathBuf::from(format!(".env.{name}"));
        let written = file.map_or_else(|| own.clone(), Path::to_path_buf);
        if let Some(file) = file {
            let layer = read(file)?.ok_or_else(|| SettingProblem::no_file(file))?;
            layers.push(layer);
        }
        for file in [own, PathBuf::from(".env")] {
            layers.extend(read(&file)?);
        }
        Ok(Self { layers, file: Some(written) })
    }

    /// The variables of the process alone.
    pub(crate) fn of_variables() -> Self {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self { layers: vec![std::env::vars_os().filter_map(text).collect()], file: None }
    }

    /// These variables and no others.
    pub fn of<'a>(variables: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let layer = variables.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Self { layers: vec![layer], file: None }
    }

    /// The same variables, with one put before all others.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.layers.insert(0, HashMap::from([(name.to_owned(), value.to_owned())]));
        self
    }

    /// The file that a setting is best written to: that of the command line, else that of the bot.
    pub(crate) fn file(&self) -> &Path {
        self.file.as_deref().unwrap_or(Path::new(".env"))
    }

    /// Whether a variable, or its `…_FILE`, is there and not blank.
    pub(crate) fn is_set(&self, name: &str) -> bool {
        self.find(name).is_some() || self.find(&format!("{name}_FILE")).is_some()
    }

    /// A variable as text; one that is blank counts as absent.
    pub(crate) fn text(&self, name: &'static str) -> Result<Option<String>, SettingProblem> {
        let Some(value) = self.find(name) else { return Ok(None) };
        if value.contains('\0') {
            return Err(SettingProblem::malformed(name, ("text", "du texte")));
        }
        Ok(Some(value.trim().to_owned()))
    }

    /// A secret: the variable itself, or the content of the file that `…_FILE` names. It is taken as written, so that
    /// stray blanks and quotes can be told.
    pub(crate) fn secret(&self, name: &str) -> Result<Option<String>, SettingProblem> {
        let in_file = format!("{name}_FILE");
        let given = |layer: &HashMap<String, String>, name: &str| {
            layer.get(name).filter(|value| !value.trim().is_empty()).cloned()
        };
        // Layer by layer: a file that the process names goes before a value that stands in `.env`.
        let first = self.layers.iter().find_map(|layer| {
            let value = given(layer, name).map(Ok);
            value.or_else(|| given(layer, &in_file).map(Err))
        });
        let file = match first {
            None => return Ok(None),
            Some(Ok(value)) => return Ok(Some(value)),
            Some(Err(file)) => file,
        };
        let content = fs::read_to_string(&file).map_err(|error| SettingProblem::unreadable(name, &file, &error))?;
        Ok(Some(content.trim_end_matches(['\n', '\r']).to_owned()))
    }

    /// Whether the first that says anything of a variable leaves it blank.
    pub(crate) fn is_blank(&self, name: &str) -> bool {
        self.layers.iter().find_map(|layer| layer.get(name)).is_some_and(|value| value.trim().is_empty())
    }

    /// The names of all variables that are not blank, in order.
    pub(crate) fn names(&self) -> BTreeSet<&str> {
        let names = self.layers.iter().flat_map(|layer| layer.keys()).map(String::as_str);
        names.filter(|name| self.find(name).is_some()).collect()
    }

    /// A variable as it stands; one that is blank counts as absent.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.find(name)
    }

    fn find(&self, name: &str) -> Option<&str> {
        let mut values = self.layers.iter().filter_map(|layer| layer.get(name)).map(String::as_str);
        values.find(|value| !value.trim().is_empty())
    }
}

impl fmt::Debug for Environment {
    /// The number of layers alone: the values are secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Environment({} layers)", self.layers.len())
    }
}

/// The variables of a file; `None` when there is no such file.
fn read(file: &Path) -> Result<Option<HashMap<String, String>>, SettingProblem> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(SettingProblem::unreadable_file(file, &error)),
    };
    // Some editors put a mark before the first line.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let variables: Result<_, _> = dotenvy::from_read_iter(text.as_bytes()).collect();
    variables.map(Some).map_err(|error| match error {
        dotenvy::Error::Io(error) => SettingProblem::unreadable_file(file, &error),
        dotenvy::Error::LineParse(wrong, _) => SettingProblem::malformed_line(file, number(text, &wrong)),
        _ => SettingProblem::malformed_line(file, 1),
    })
}

/// The number of a line, or of the first of several.
fn number(text: &str, wrong: &str) -> usize {
    let first = wrong.lines().next().unwrap_or_default().trim_end();
    let whole = text.lines().position(|line| line.trim_end() == first);
    // Of a value with a blank the value alone is told.
    let end = || text.lines().position(|line| !first.is_empty() && line.trim_end().ends_with(first));
    whole.or_else(end).map_or(1, |before| before + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_may_stand_in_a_file() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("token");
        fs::write(&file, "xoxb-1-2\n").unwrap();
        let environment = Environment::of([("SLACK_BOT_TOKEN_FILE", file.to_str().unwrap())]);
        assert_eq!(environment.secret("SLACK_BOT_TOKEN").unwrap().as_deref(), Some("xoxb-1-2"));
        let missing = Environment::of([("SLACK_BOT_TOKEN_FILE", "/nowhere/at/all")]);
        let told = missing.secret("SLACK_BOT_TOKEN").unwrap_err().to_string();
        assert!(told.contains("SLACK_BOT_TOKEN_FILE") && told.contains("/nowhere/at/all"), "{told}");
    }

    #[test]
    fn a_file_that_the_process_names_goes_before_a_value_in_a_file() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("token");
        fs::write(&file, "of the process").unwrap();
        let environment = Environment::of([("T", "of .env")]).with("T_FILE", file.to_str().unwrap());
        assert_eq!(environment.secret("T").unwrap().as_deref(), Some("of the process"));
    }

    #[test]
    fn the_first_layer_wins_and_blank_counts_as_absent() {
        let environment = Environment::of([("A", "file"), ("B", "file")]).with("A", "process").with("B", " ");
        assert_eq!(environment.text("A").unwrap().as_deref(), Some("process"));
        assert_eq!(environment.text("B").unwrap().as_deref(), Some("file"));
        assert!(environment.is_blank("B") && !environment.is_blank("A") && !environment.is_blank("C"));
    }

    #[test]
    fn a_mark_before_the_first_line_is_not_part_of_it() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("bot.env");
        fs::write(&file, "\u{feff}SLACK_BOT_TOKEN=xoxb-1-2\n").unwrap();
        assert_eq!(read(&file).unwrap().unwrap()["SLACK_BOT_TOKEN"], "xoxb-1-2");
    }

    #[test]
    fn a_malformed_file_is_told_without_its_content() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("bot.env");
        fs::write(&file, "GOOD=1\nSLACK_BOT_TOKEN xoxb-canary\n").unwrap();
        let told = read(&file).unwrap_err().to_string();
        assert!(told.contains("bot.env") && told.contains("line 2") && !told.contains("canary"), "{told}");
        fs::write(&file, "# A comment.\n\nGOOD=1\nBAD=\"canary\nOTHER=1\n").unwrap();
        let told = read(&file).unwrap_err().to_string();
        assert!(told.contains("line 4") && !told.contains("canary"), "{told}");
        fs::write(&file, "A=1\n# A comment.\nB=x\nROOTS=/home/my canary\nOTHER=1\n").unwrap();
        let told = read(&file).unwrap_err().to_string();
        assert!(told.contains("line 4") && told.contains("quotes") && !told.contains("canary"), "{told}");
        assert!(read(Path::new("/nowhere/at/all")).unwrap().is_none());
    }
}
