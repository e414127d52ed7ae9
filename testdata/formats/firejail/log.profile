# What would be refused?
seccomp-error-action log
seccomp @privileged,mkdir:EROFS
