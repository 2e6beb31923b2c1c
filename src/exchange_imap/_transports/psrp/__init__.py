"""The transport to real servers: commands over PSRP, through pypsrp, which is imported nowhere else."""
