//! Where a command's calls go.

use std::collections::BTreeMap;

use clap::Args;
use clap::builder::FalseyValueParser;
use fp_harness::model::Program;
use fp_harness::target::Target;

/// The target and who calls. Without a target: a mock in this process.
#[derive(Args)]
pub struct TargetArguments {
    /// The endpoint, http://127.0.0.1:4010.
    #[arg(long, env = "FP_TARGET", value_name = "URL", requires = "key")]
    pub target: Option<String>,
    /// The account to work on.
    #[arg(long, env = "FP_ACCOUNT", default_value = "1")]
    account: String,
    /// The API key.
    #[arg(long, env = "FP_KEY", hide_env_values = true)]
    key: Option<String>,
    /// The key of v1, if it is another one.
    #[arg(long, env = "FP_V1_KEY", hide_env_values = true)]
    v1_key: Option<String>,
    /// A campaign of the account that keeps the terms the model knows, main=13202: main pays 20% of each sale,
    /// customers three free months for each new customer, partners 30% and 5% to the parent, nothing approved by
    /// itself; repeatable.
    #[arg(long, env = "FP_CAMPAIGN", value_name = "NAME=ID", value_delimiter = ',', value_parser = campaign)]
    campaign: Vec<(Program, u64)>,
    /// Treat the target as the real service whatever its host: for trying out what the harness would do there.
    #[arg(long, env = "FP_TREAT_AS_REAL", value_parser = FalseyValueParser::new())]
    treat_as_real: bool,
}

impl TargetArguments {
    /// The campaigns that were told, by their names.
    pub fn campaigns(&self) -> BTreeMap<String, u64> {
        self.campaign.iter().map(|(program, id)| (program.name().to_owned(), *id)).collect()
    }

    /// The target; a mock in this process takes `seed`. Nothing is called.
    ///
    /// # Errors
    /// When its address cannot be used.
    pub fn target(&self, seed: u64) -> anyhow::Result<Target> {
        let key = self.key.as_deref().unwrap_or_default();
        let target = match &self.target {
            Some(url) => Target::remote(url, &self.account, key, self.v1_key.as_deref())?,
            None if self.treat_as_real => Target::rehearsal(seed),
            None => Target::in_process(seed),
        };
        let target = target.with_campaigns(self.campaign.iter().copied().collect());
        Ok(if self.treat_as_real { target.as_real() } else { target })
    }
}

fn campaign(text: &str) -> Result<(Program, u64), String> {
    let read = || {
        let (name, id) = text.split_once('=')?;
        let program = Program::ALL.into_iter().find(|program| program.name() == name)?;
        Some((program, id.parse().ok()?))
    };
    let names = Program::ALL.map(Program::name).join(", ");
    read().ok_or_else(|| format!("expected one of {names} and a campaign's id, main=13202, found {text:?}"))
}
