# A firejail profile.
caps.drop all
seccomp.drop mount,umount2,ptrace,bpf:ENOSYS
