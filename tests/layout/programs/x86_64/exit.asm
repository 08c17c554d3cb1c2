; Leaves with status 0: every register but rsp is zero when a process starts.
global _start
_start: mov al,60               ; exit
        syscall
