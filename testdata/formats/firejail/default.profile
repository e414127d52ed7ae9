# The default list, as most profiles have it.
caps.drop all
seccomp
