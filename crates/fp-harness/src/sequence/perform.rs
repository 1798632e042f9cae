//! Performs a sequence at the target step by step, keeps the book, and stops at the first thing that is not
//! as the model says.

use serde_json::{Value, json};

use super::action::{Action, Door, Step};
use super::expectation::expected;
use super::verify;
use super::watch::Watch;
use crate::client::Client;
use crate::exchange::Exchange;
use crate::model::{Book, Handle, Promoter, Referral, Refund, Sale};
use crate::property::{CHECKS, Finding};
use crate::run::Stop;

/// Seconds in which a payments batch has paid everybody.
const PAYING_S: u32 = 1800;

/// Something in a sequence that is not as the model says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The property's permanent code.
    pub property: &'static str,
    /// The operation it shows on.
    pub operation: String,
    /// What exactly, free of ids and values.
    pub cause: String,
    /// What was expected and what was found.
    pub message: String,
    /// The step at which it showed.
    pub step: Handle,
}

/// Whether a step or a check went as the model says.
pub type Agreement = Result<(), Halt>;

/// Why a sequence does not go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Halt {
    /// The run is over.
    Stop(Stop),
    /// The target and the model disagree.
    Disagreement(Disagreement),
}

impl<E: Into<Stop>> From<E> for Halt {
    fn from(error: E) -> Self {
        Self::Stop(error.into())
    }
}

/// A sequence while it is performed.
#[derive(Debug)]
pub struct Performance<'c, 't> {
    /// Talks to the target.
    pub client: &'c Client<'t>,
    /// What the model knows.
    pub book: Book,
    /// Every exchange so far, for the reproduction.
    pub shown: Vec<String>,
    /// Prefix of everything this sequence makes.
    pub namespace: String,
    /// The step under way.
    pub step: Handle,
    pub(super) watch: Option<Watch>,
}

/// Performs `steps` in the namespace `namespace`, webhooks included where the target lets them be watched.
///
/// # Errors
/// [`Stop`] when the run is over.
pub fn perform(client: &Client<'_>, steps: &[Step], namespace: &str) -> Result<Outcome, Stop> {
    let watch = Watch::begin(client)?;
    let mut performance = Performance {
        client,
        book: Book::default(),
        shown: Vec::new(),
        namespace: namespace.to_owned(),
        step: 0,
        watch,
    };
    for step in steps {
        performance.step = step.handle;
        match performance.take(step) {
            Ok(()) => {}
            Err(Halt::Stop(stop)) => return Err(stop),
            Err(Halt::Disagreement(disagreement)) => {
                return Ok(Outcome { disagreement: Some(disagreement), shown: performance.shown });
            }
        }
    }
    Ok(Outcome { disagreement: None, shown: performance.shown })
}

/// What a sequence came to.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The first thing not as the model says.
    pub disagreement: Option<Disagreement>,
    /// The calls made, as lines for a shell.
    pub shown: Vec<String>,
}

impl Performance<'_, '_> {
    fn take(&mut self, step: &Step) -> Agreement {
        if !step.action.needs().iter().all(|needed| self.knows(*needed)) {
            // What it works on was refused earlier, which the model allowed.
            return Ok(());
        }
        let before = self.book.clone();
        let wanted = expected(&self.book, &step.action);
        let Some(exchange) = self.act(&step.action)? else { return Ok(()) };
        if !wanted.allows(exchange.status) {
            let cause = format!("{}: {} instead of {wanted:?}", step.action.name(), exchange.status);
            return self.disagree("answers_as_the_model_says", &exchange, cause, body_start(&exchange));
        }
        self.note(step, &exchange);
        verify::after(self, step, &before, &exchange)
    }

    fn knows(&self, handle: Handle) -> bool {
        self.book.promoters.contains_key(&handle)
            || self.book.referrals.contains_key(&handle)
            || self.book.sales.contains_key(&handle)
            || self.book.refunds.contains_key(&handle)
    }

    /// Makes the call of a step; `None` if there is nothing to call.
    fn act(&mut self, action: &Action) -> Result<Option<Exchange>, Halt> {
        let (method, target, body) = match action {
            Action::Promoter { program, parent } => return self.make_promoter(*program, *parent).map(Some),
            Action::Signup { promoter, door } => {
                let body = json!({ "email": self.email(self.step), "ref_id": self.book.promoters[promoter].ref_token });
                ("POST", track(*door, "signup"), body)
            }
            Action::SplitReferral { promoter, partner, percentage } => {
                let enrolment = |who: &Handle| self.book.promoters[who].enrolment_id;
                let split = json!([{ "promoter_campaign_id": enrolment(partner), "percentage": percentage }]);
                let body = json!({ "email": self.email(self.step), "promoter_campaign_id": enrolment(promoter),
                    "split_details": split });
                ("POST", "/api/v2/company/referrals".into(), body)
            }
            Action::Sale { referral, amount, door } => {
                let email = &self.book.referrals[referral].email;
                let body = json!({ "email": email, "event_id": self.event(self.step), "amount": amount });
                ("POST", track(*door, "sale"), body)
            }
            Action::RepeatSale { sale, door } => {
                let sold = &self.book.sales[sale];
                let email = &self.book.referrals[&sold.referral].email;
                let body = json!({ "email": email, "event_id": sold.event_id, "amount": sold.amount });
                ("POST", track(*door, "sale"), body)
            }
            Action::Refund { sale, amount, door } => {
                let sold = &self.book.sales[sale];
                let email = &self.book.referrals[&sold.referral].email;
                let body = json!({ "email": email, "event_id": self.event(self.step), "amount": amount,
                    "sale_event_id": sold.event_id });
                ("POST", track(*door, "refund"), body)
            }
            Action::RepeatRefund { refund, door } => {
                let refund = &self.book.refunds[refund];
                let sold = &self.book.sales[&refund.sale];
                let email = &self.book.referrals[&sold.referral].email;
                let body = json!({ "email": email, "event_id": refund.event_id, "amount": refund.amount,
                    "sale_event_id": sold.event_id });
                ("POST", track(*door, "refund"), body)
            }
            Action::Cancel { referral, door } => (
                "POST",
                track(*door, "cancellation"),
                json!({ "email": self.book.referrals[referral].email }),
            ),
            Action::Custom { promoter, amount } => {
                let enrolment = self.book.promoters[promoter].enrolment_id;
                let body = json!({ "commission_type": "custom", "promoter_campaign_id": enrolment, "amount": amount,
                    "unit": "cash", "event_id": self.event(self.step) });
                ("POST", "/api/v2/company/commissions".into(), body)
            }
            Action::Approve { of } => {
                ("POST", "/api/v2/company/commissions/approve".into(), self.commission_ids(of))
            }
            Action::Deny { of } => {
                ("POST", "/api/v2/company/commissions/deny".into(), self.commission_ids(of))
            }
            Action::Payouts { of } => {
                ("POST", "/api/v2/company/commissions/generate_payouts".into(), self.commission_ids(of))
            }
            Action::Pay { promoter } => return self.on_payouts(*promoter, "pending", "POST", "mark_as_paid"),
            Action::PayTogether { promoter } => return self.pay_together(*promoter),
            Action::Unpay { promoter } => {
                return self.on_payouts(*promoter, "completed", "POST", "mark_as_unpaid");
            }
            Action::Release { promoter } => {
                return self.on_payouts(*promoter, "pending", "DELETE", "destroy");
            }
            Action::Block { promoter } => {
                let promoter = &self.book.promoters[promoter];
                let body = json!({ "ids": [promoter.id], "campaign_id": self.client.target().campaign(promoter.program) });
                ("POST", "/api/v2/company/promoters/block".into(), body)
            }
        };
        let nothing = body.get("ids").and_then(Value::as_array).is_some_and(Vec::is_empty);
        if nothing {
            return Ok(None);
        }
        let exchange = self.ask(method, &target, &body)?;
        if exchange.status == 202 {
            self.follow(&exchange)?
        }
        Ok(Some(exchange))
    }

    fn make_promoter(
        &mut self,
        program: crate::model::Program,
        parent: Option<Handle>,
    ) -> Result<Exchange, Halt> {
        let mut body = json!({ "email": self.email(self.step), "initial_campaign_id": self.client.target().campaign(program) });
        body["profile"] = json!({ "first_name": "Model" });
        let made = self.ask("POST", "/api/v2/company/promoters", &body)?;
        let Some(id) = made.json().and_then(|reply| reply.get("id")?.as_u64()) else { return Ok(made) };
        if !program.approves() {
            let accept = json!({ "ids": [id], "campaign_id": self.client.target().campaign(program) });
            self.ask("POST", "/api/v2/company/promoters/accept", &accept)?;
        }
        if let Some(parent) = parent.and_then(|parent| self.book.promoters.get(&parent)) {
            let assign = json!({ "ids": [id], "parent_promoter_id": parent.id });
            self.ask("POST", "/api/v2/company/promoters/assign_parent", &assign)?;
        }
        Ok(made)
    }

    /// An action on every payout of a promoter that has a status.
    fn on_payouts(
        &mut self,
        promoter: Handle,
        status: &str,
        method: &str,
        action: &str,
    ) -> Result<Option<Exchange>, Halt> {
        let id = self.book.promoters[&promoter].id;
        let list = format!(
            "/api/v2/company/payouts?per_page=100&filters[promoter_id]={id}&filters[status]={status}"
        );
        let listed = self.ask("GET", &list, &Value::Null)?;
        let rows = listed.json().and_then(|reply| reply.as_array().cloned()).unwrap_or_default();
        let ids: Vec<u64> = rows.iter().filter_map(|row| row.get("id")?.as_u64()).collect();
        if ids.is_empty() {
            return Ok(None);
        }
        let exchange =
            self.ask(method, &format!("/api/v2/company/payouts/{action}"), &json!({ "ids": ids }))?;
        if exchange.status == 202 {
            self.follow(&exchange)?
        }
        Ok(Some(exchange))
    }

    /// A payments batch, followed to its end. Who lets promoters choose how they are paid is a mock; elsewhere, and
    /// where nobody can be paid, nothing happens.
    fn pay_together(&mut self, promoter: Handle) -> Result<Option<Exchange>, Halt> {
        let target = self.client.target();
        if !target.gives_accounts() {
            return Ok(None);
        }
        let (id, account) = (self.book.promoters[&promoter].id, target.account());
        let method = json!({ "promoter_id": id, "method": "paypal", "is_selected": true,
            "details": { "email": "payee@example.com" } });
        self.client.ask("POST", &format!("/__admin/payout_methods?account={account}"), &method)?;
        let made = self.ask(
            "POST",
            "/api/v2/company/payouts/create_payments_batch",
            &json!({ "method": "paypal" }),
        )?;
        if !made.is_success() {
            return Ok(None);
        }
        self.let_time_pass(PAYING_S)?;
        Ok(Some(made))
    }

    /// Follows a batch to its end: it only moves forward, and its counts add up.
    fn follow(&mut self, begun: &Exchange) -> Agreement {
        let record =
            begun.json().map(|reply| reply.get("data").cloned().unwrap_or(reply)).unwrap_or_default();
        let Some(id) = record.get("id").and_then(Value::as_u64) else { return Ok(()) };
        let mut tried = 0;
        for _ in 0..200 {
            let shown = self.ask("GET", &format!("/api/v2/company/batch_processes/{id}"), &Value::Null)?;
            let batch = shown.json().unwrap_or_default();
            let number = |name: &str| batch.get(name).and_then(Value::as_u64).unwrap_or_default();
            let (now, failed, total) = (number("processed_count"), number("failed_count"), number("total"));
            if now < tried || failed > now || now > total || number("progress") > 100 {
                let message = format!("after {tried} processed ids the batch shows {batch}");
                return self.disagree("batches_move_forward", &shown, "counts do not add up".into(), message);
            }
            tried = now;
            match batch.get("status").and_then(Value::as_str) {
                Some("pending" | "in_progress") => self.let_time_pass(1)?,
                Some("completed") if now != total => {
                    let message = format!("a completed batch shows {batch}");
                    return self.disagree(
                        "batches_move_forward",
                        &shown,
                        "completed before its end".into(),
                        message,
                    );
                }
                // A little longer, so that whatever is still under way arrives.
                _ => return self.let_time_pass(5),
            }
        }
        self.disagree("batches_move_forward", begun, "never ends".into(), "no end after 200 looks".into())
    }

    /// Lets some seconds pass on the target's clock; where it has none, the time between two looks.
    fn let_time_pass(&mut self, seconds: u32) -> Agreement {
        if !self.client.target().gives_accounts() {
            self.client.line().pause(self.client.target().looks_every());
            return Ok(());
        }
        self.client.ask(
            "POST",
            &format!("/__admin/clock/advance?account={}", self.client.target().account()),
            &json!({ "by": format!("{seconds}s") }),
        )?;
        Ok(())
    }

    fn commission_ids(&self, of: &[Handle]) -> Value {
        let ids: Vec<u64> =
            of.iter().flat_map(|step| self.book.of_step(*step)).map(|commission| commission.id).collect();
        json!({ "ids": ids })
    }

    pub(super) fn email(&self, step: Handle) -> String {
        format!("{}-{step}@example.com", self.namespace)
    }

    fn event(&self, step: Handle) -> String {
        format!("{}-event-{step}", self.namespace)
    }

    /// Sends a call, keeps it for the reproduction, and puts the checks on single exchanges to it.
    pub(super) fn ask(&mut self, method: &str, target: &str, body: &Value) -> Result<Exchange, Halt> {
        let exchange = self.client.ask(method, target, body)?;
        self.shown.push(self.client.target().curl(&exchange.call));
        for check in CHECKS {
            if let Finding::Broken(causes) = (check.check)(&exchange) {
                let broken = causes
                    .into_iter()
                    .next()
                    .map(|broken| (broken.cause, broken.message))
                    .unwrap_or_default();
                self.disagree(check.code, &exchange, broken.0, broken.1)?;
            }
        }
        Ok(exchange)
    }

    /// Ends the sequence with a disagreement.
    pub(super) fn disagree(
        &self,
        property: &'static str,
        at: &Exchange,
        cause: String,
        message: String,
    ) -> Agreement {
        let operation = at.judgement.operation.clone().unwrap_or_else(|| at.call.path().to_owned());
        Err(Halt::Disagreement(Disagreement { property, operation, cause, message, step: self.step }))
    }

    /// Books what an accepted step made.
    fn note(&mut self, step: &Step, exchange: &Exchange) {
        let reply = exchange.json().unwrap_or_default();
        if !exchange.is_success() || exchange.status == 204 {
            return;
        }
        let id = |at: &str| reply.pointer(at).and_then(Value::as_u64);
        match &step.action {
            Action::Promoter { program, parent } => {
                let token = reply.pointer("/promoter_campaigns/0/ref_token").and_then(Value::as_str);
                let (Some(id), Some(enrolment_id), Some(token)) =
                    (id("/id"), id("/promoter_campaigns/0/id"), token)
                else {
                    return;
                };
                let promoter = Promoter {
                    program: *program,
                    parent: *parent,
                    blocked: false,
                    id,
                    enrolment_id,
                    ref_token: token.to_owned(),
                };
                self.book.promoters.insert(step.handle, promoter);
            }
            Action::Signup { promoter, .. } => {
                let Some(id) = id("/referral/id").or(id("/lead/id")) else { return };
                let program = self.book.promoters[promoter].program;
                let state = if program.approves() { "signup" } else { "pending" };
                self.book_referral(step.handle, *promoter, None, Some(state), id);
            }
            Action::SplitReferral { promoter, partner, percentage } => {
                let Some(id) = id("/id") else { return };
                self.book_referral(step.handle, *promoter, Some((*partner, *percentage)), None, id);
            }
            Action::Sale { referral, amount, .. } => {
                let event_id = self.event(step.handle);
                self.book.sales.insert(
                    step.handle,
                    Sale { referral: *referral, amount: *amount, refunded: 0, event_id },
                );
                if let Some(referral) = self.book.referrals.get_mut(referral) {
                    referral.sales += 1;
                    referral.state = Some("active");
                }
            }
            Action::Refund { sale, amount, .. } => {
                let refund = Refund { sale: *sale, amount: *amount, event_id: self.event(step.handle) };
                self.book.refunds.insert(step.handle, refund);
                let Some(sold) = self.book.sales.get_mut(sale) else { return };
                sold.refunded += amount;
                let referral = sold.referral;
                if let Some(referral) = self.book.referrals.get_mut(&referral) {
                    referral.state = None;
                }
            }
            Action::Cancel { referral, .. } => {
                if let Some(referral) = self.book.referrals.get_mut(referral) {
                    // What cancelling does after a refund is said nowhere.
                    referral.state = referral.state.map(|_| "cancelled");
                }
            }
            Action::Block { promoter } => {
                if let Some(promoter) = self.book.promoters.get_mut(promoter) {
                    promoter.blocked = true;
                }
            }
            _ => {}
        }
    }

    fn book_referral(
        &mut self,
        handle: Handle,
        promoter: Handle,
        split: Option<(Handle, i64)>,
        state: Option<&'static str>,
        id: u64,
    ) {
        let email = self.email(handle);
        self.book.referrals.insert(handle, Referral { promoter, split, state, sales: 0, id, email });
    }
}

fn track(door: Door, call: &str) -> String {
    match door {
        Door::V1 => format!("/api/v1/track/{call}"),
        Door::V2 => format!("/api/v2/track/{call}"),
    }
}

pub(super) fn body_start(exchange: &Exchange) -> String {
    String::from_utf8_lossy(&exchange.body).chars().take(300).collect()
}
