//! E-mails that go out by the calendar, or when nothing happens.

use jiff::ToSpan;
use jiff::civil::{Date, Time};

use super::occasion::Dispatch;
use super::trigger::Cause;
use super::{Email, Metric, audience, sending};
use crate::clock::timestamp::{DAY_MS, Timestamp};
use crate::domain::agenda::Task;
use crate::domain::enrolment::Enrolment;
use crate::domain::ids::EmailId;
use crate::domain::refusal::Refusal;
use crate::domain::state::State;

/// How often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rhythm {
    /// On one day of each week, 0 being Sunday.
    Weekly {
        /// The day, 0 to 6.
        day: i8,
    },
    /// On one day of each month; in shorter months on the last.
    ///
    /// Evidence: chosen (the last day of shorter months).
    Monthly {
        /// The day, 1 to 31.
        day: i8,
    },
}

/// When a recurring e-mail goes out, in UTC.
///
/// Evidence: published v2 emails document; chosen (UTC).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recurrence {
    /// On which days.
    pub rhythm: Rhythm,
    /// The hour, 0 to 23.
    pub hour: i8,
    /// The minute, 0 to 59.
    pub minute: i8,
}

impl Recurrence {
    /// The first moment of it after `at`.
    pub fn next(self, at: Timestamp) -> Timestamp {
        let time = Time::constant(self.hour, self.minute, 0, 0);
        let mut date = at.date();
        loop {
            let day = self.day_from(date);
            let moment = Timestamp::start_of(day).plus_ms(ms_of_day(time));
            if moment > at {
                return moment;
            }
            date = day.saturating_add(1.day());
        }
    }

    /// The first of its days from `date` on.
    fn day_from(self, date: Date) -> Date {
        match self.rhythm {
            Rhythm::Weekly { day } => {
                let ahead = (day - date.weekday().to_sunday_zero_offset()).rem_euclid(7);
                date.saturating_add(i64::from(ahead).days())
            }
            Rhythm::Monthly { day } => {
                let within = |month: Date| {
                    month
                        .first_of_month()
                        .saturating_add(i64::from(day.min(month.days_in_month()) - 1).days())
                };
                let this = within(date);
                if this >= date { this } else { within(date.first_of_month().saturating_add(1.month())) }
            }
        }
    }
}

fn ms_of_day(time: Time) -> i64 {
    (i64::from(time.hour()) * 60 + i64::from(time.minute())) * 60_000
}

/// Lets the next round of an e-mail that needs rounds be due: a recurring one on its next day, one about
/// inactivity a day later.
///
/// Evidence: chosen (that inactivity is looked for once a day).
pub(super) fn plan(state: &mut State, now: Timestamp, id: EmailId) {
    let Some(email) = state.emails.get(id).filter(|email| email.is_enabled) else { return };
    let at = match email.cause {
        Cause::Recurring(recurrence) => recurrence.next(now),
        Cause::Inactivity { .. } => now.plus_ms(DAY_MS),
        _ => return,
    };
    let task = Task::EmailRound { email_id: id, edition: email.edition };
    state.agenda.add(at, task);
}

/// A round of an e-mail, unless the e-mail has changed since it was planned.
///
/// # Errors
/// None that can happen while the e-mail is there; see [`super::send_now`].
pub fn run_round(state: &mut State, now: Timestamp, id: EmailId, edition: u32) -> Result<(), Refusal> {
    let Some(email) = state.emails.get(id).filter(|email| email.edition == edition) else { return Ok(()) };
    match email.cause {
        Cause::Recurring(_) => {
            sending::send_now(state, now, id)?;
        }
        Cause::Inactivity { metric, period_in_days } => {
            for due in inactive(state, now, email, metric, period_in_days) {
                sending::dispatch(state, now, &due);
            }
        }
        _ => return Ok(()),
    }
    plan(state, now, id);
    Ok(())
}

/// The enrolments in which nothing of a kind happened for a while and whose promoters have not been told since.
///
/// Evidence: published v2 emails document (the period); chosen (once for each time of inactivity).
fn inactive(state: &State, now: Timestamp, email: &Email, metric: Metric, days: u32) -> Vec<Dispatch> {
    let is_due = |enrolment: &&Enrolment| {
        if !email.reaches(enrolment.campaign_id)
            || audience::one(state, enrolment, email.cause.name()).is_none()
        {
            return false;
        }
        let last = metric.last(state, enrolment);
        let told = state.sent_emails.index().by_enrolment.of(&(email.id, enrolment.id)).next_back();
        let told_at = told.and_then(|id| state.sent_emails.get(id)).map(|sent| sent.sent_at);
        last.plus_ms(i64::from(days) * DAY_MS) <= now && told_at.is_none_or(|at| at < last)
    };
    let due = |enrolment: &Enrolment| Dispatch {
        email_id: email.id,
        trigger: email.cause.name(),
        enrolment_id: enrolment.id,
        referral_id: None,
        commission_id: None,
    };
    state.enrolments.iter().filter(is_due).map(due).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(recurrence: Recurrence, from: &str, count: usize) -> Vec<String> {
        let mut at = Timestamp::parse(from).expect("a moment");
        let next = || {
            at = recurrence.next(at);
            at.to_string()
        };
        std::iter::repeat_with(next).take(count).collect()
    }

    #[test]
    fn weekly_is_the_same_weekday_and_sunday_is_0() {
        let sundays = Recurrence { rhythm: Rhythm::Weekly { day: 0 }, hour: 9, minute: 30 };
        let expected = ["2025-01-19T09:30:00.000Z", "2025-01-26T09:30:00.000Z"];
        assert_eq!(moments(sundays, "2025-01-15T10:30:00Z", 2), expected);
        assert_eq!(moments(sundays, "2025-01-19T09:29:59Z", 1), expected[..1]);
        assert_eq!(moments(sundays, "2025-01-19T09:30:00Z", 1), expected[1..]);
    }

    #[test]
    fn monthly_is_the_last_day_where_the_month_is_shorter() {
        let last = Recurrence { rhythm: Rhythm::Monthly { day: 31 }, hour: 0, minute: 0 };
        let expected = ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"]
            .map(|day| format!("{day}T00:00:00.000Z"));
        assert_eq!(moments(last, "2024-01-15T10:30:00Z", 4), expected);
    }
}
