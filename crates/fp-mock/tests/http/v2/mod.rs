mod batch_processes;
mod promo_codes;
mod referrals;
mod track;
