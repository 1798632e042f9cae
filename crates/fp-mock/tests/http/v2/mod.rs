mod batch_processes;
mod promo_codes;
mod promoter_campaigns;
mod promoters;
mod referrals;
mod track;
