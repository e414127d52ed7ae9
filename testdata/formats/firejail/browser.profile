# A browser: the default list, without two calls that its own sandbox needs.
include browser.local
include disable-common.inc

caps.drop all
netfilter
nonewprivs
noroot
seccomp !chroot,!pivot_root,msgget:EACCES
shell none
