//! What the command line asks for.

/// `[scenario…] [--long] [seed=1 cycles=100 rate=500 events=10000 replicas=1 store=sqlite:]`
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// Parts of the names of scenarios; all when there are none.
    pub(crate) names: Vec<String>,
    /// The full amounts, one scenario after the other, instead of the short form, which runs all of a store at a time.
    pub(crate) long: bool,
    pub(crate) seed: u64,
    pub(crate) replicas: usize,
    /// What `BAVARD_STORE` is set to.
    pub(crate) store: String,
    /// A database on which several replicas are judged too, where the command line names no store.
    pub(crate) database: Option<String>,
    /// A command that ends the server of the database as a crash would, and starts it again.
    pub(crate) restart: Option<String>,
    cycles: Option<u64>,
    rate: Option<u64>,
    events: Option<u64>,
}

impl Options {
    /// Refused: a parameter that is not known, or no number. Flags of the test runner are let pass.
    pub(crate) fn read(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self {
            names: Vec::new(),
            long: false,
            seed: u64::from(std::process::id()) ^ crate::ledger::now(),
            replicas: 1,
            store: "sqlite:".to_owned(),
            database: std::env::var("BAVARD_TEST_POSTGRES").ok(),
            restart: std::env::var("BAVARD_TEST_POSTGRES_RESTART").ok(),
            cycles: None,
            rate: None,
            events: None,
        };
        for argument in arguments {
            let number = |value: &str| value.parse::<u64>().map_err(|_| format!("{argument} is no number"));
            match argument.split_once('=') {
                None if argument == "--long" => options.long = true,
                None if argument.starts_with('-') => {}
                None => options.names.push(argument),
                Some(("seed", value)) => options.seed = number(value)?,
                Some(("cycles", value)) => options.cycles = Some(number(value)?),
                Some(("rate", value)) => options.rate = Some(number(value)?),
                Some(("events", value)) => options.events = Some(number(value)?),
                Some(("replicas", value)) => options.replicas = usize::try_from(number(value)?).unwrap().max(1),
                Some(("store", value)) => (options.store, options.database) = (value.to_owned(), None),
                Some(_) if argument.starts_with('-') => {}
                Some((name, _)) => {
                    return Err(format!("{name} is not known; there are seed, cycles, rate, events, replicas, store"));
                }
            }
        }
        Ok(options)
    }

    /// How often something is done, unless the command line says.
    pub(crate) fn cycles(&self, short: u64, long: u64) -> u64 {
        self.cycles.unwrap_or(if self.long { long } else { short })
    }

    /// Messages a second.
    pub(crate) fn rate(&self, short: u64, long: u64) -> u64 {
        self.rate.unwrap_or(if self.long { long } else { short })
    }

    /// Messages in all.
    pub(crate) fn events(&self, short: u64, long: u64) -> u64 {
        self.events.unwrap_or(if self.long { long } else { short })
    }

    /// The same on a database, with several replicas.
    pub(crate) fn on(&self, database: &str, replicas: usize) -> Self {
        Self { store: database.to_owned(), replicas, ..self.clone() }
    }

    /// The same for what is done to the file of one process; `None` where the store is no file.
    pub(crate) fn of_one_file(self) -> Option<Self> {
        self.store.starts_with("sqlite:").then_some(Self { replicas: 1, ..self })
    }

    /// Whether a scenario is asked for.
    pub(crate) fn names(&self, scenario: &str) -> bool {
        self.names.is_empty() || self.names.iter().any(|part| scenario.contains(part.as_str()))
    }
}
