        global  _start
        section text
_start: mov     eax, 60
        syscall
        section data
message: db     "hi"
