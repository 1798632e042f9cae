mod batch_processes;
mod referrals;
