mod batch_processes;
