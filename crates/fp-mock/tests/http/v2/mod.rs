mod batch_processes;
mod commissions;
mod promo_codes;
mod promoter_campaigns;
mod promoters;
mod referrals;
mod shop;
mod track;
