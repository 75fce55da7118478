//! What a state is opened with.

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::{
    error::{Error, Result},
    sentence::Sentence,
    settings::{Environment, SettingProblem},
};

/// What a state is opened with: the bot's data directory and its settings.
#[derive(Clone, Debug)]
pub struct Opening {
    data_dir: PathBuf,
    environment: Environment,
}

impl Opening {
    pub(crate) fn new(data_dir: PathBuf, environment: Environment) -> Self {
        Self { data_dir, environment }
    }

    /// The bot's data directory. It is made when it is asked for, readable by its owner alone.
    ///
    /// # Errors
    /// When it cannot be made; the error says what to do.
    pub fn data_dir(&self) -> Result<&Path> {
        make_private(&self.data_dir).map_err(|cause| {
            let directory = self.data_dir.display();
            Error::new(Sentence::new(
                format!(
                    "the data directory {directory} cannot be made: {cause}. Make the folder above it writable, or set \
                     BAVARD_DATA_DIR to another directory"
                ),
                format!(
                    "le dossier de données {directory} ne peut pas être créé : {cause}. Donnez le droit d’écrire dans \
                     le dossier au-dessus, ou un autre dossier à BAVARD_DATA_DIR"
                ),
            ))
        })?;
        Ok(&self.data_dir)
    }

    /// A setting of the bot's own, as `read` takes it: the function that [`App::setting`](crate::App::setting) was given.
    /// Nothing when it is absent or blank.
    ///
    /// # Errors
    /// When `read` refuses it.
    pub fn read<T>(
        &self,
        name: &str,
        read: impl Fn(&str) -> Result<T, SettingProblem>,
    ) -> Result<Option<T>, SettingProblem> {
        self.setting(name).map(|value| read(&value)).transpose()
    }

    /// A setting of the bot's own, read where all settings are: the environment, then the `.env` files. Blank counts as
    /// absent.
    #[must_use]
    pub fn setting(&self, name: &str) -> Option<String> {
        self.environment.value(name).map(|value| value.trim().to_owned())
    }
}

/// Makes a directory that its owner alone may read.
fn make_private(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_directory_is_made_when_it_is_asked_for_and_is_private() {
        let parent = tempfile::tempdir().unwrap();
        let opening = Opening::new(parent.path().join("a/b"), Environment::default());
        assert!(!parent.path().join("a").exists());
        let made = opening.data_dir().unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(made.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        }
        assert!(made.is_dir());
    }

    #[test]
    fn a_directory_that_cannot_be_made_is_told_with_the_cure() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let opening = Opening::new(file.path().join("data"), Environment::default());
        let told = opening.data_dir().unwrap_err().to_string();
        assert!(told.contains("BAVARD_DATA_DIR"), "{told}");
    }

    #[test]
    fn settings_of_ones_own_are_read_with_all_others() {
        let opening = Opening::new(PathBuf::new(), Environment::of([("ROOTS", " a "), ("BLANK", " ")]));
        assert_eq!(opening.setting("ROOTS").as_deref(), Some("a"));
        assert_eq!(opening.setting("BLANK"), None);
    }
}
