# Some calls only.
seccomp.drop @clock,@module,!stime,mount,kexec_load:kill,ptrace:EACCES,execve,$0x148
